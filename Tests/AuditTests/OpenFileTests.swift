import Audit
import Foundation
import Testing

/// Files that are not sealed yet: their head shows what the chain cannot.
@Suite struct OpenFileTests {
    /// A record whose process is gone without having sealed it.
    private func abandoned(entries: Int = 4) throws -> (scene: AuditScene, path: String) {
        let source = try AuditScene()
        let keeper = try source.keeper()
        for number in 0..<entries { try keeper.keep(AuditScene.event(number)) }
        // A copy has no process.
        let scene = try AuditScene()
        try FileManager.default.copyItem(
            atPath: source.configuration.directory, toPath: scene.configuration.directory)
        return (scene, try #require(try scene.segments().first))
    }

    @Test func `a file that is appended to is sound`() throws {
        let scene = try AuditScene()
        let keeper = try scene.keeper()
        for number in 0..<4 { try keeper.keep(AuditScene.event(number)) }
        #expect(try scene.verify().findings == [])
        #expect(try scene.verify().entries == 5)
        try keeper.close()
    }

    @Test func `a tail that was cut off is told before it is sealed, and after`() throws {
        let (scene, path) = try self.abandoned()
        var lines = try AuditScene.lines(path)
        lines.removeLast()
        try AuditScene.write(lines: lines, to: path)
        #expect(try scene.verify().findings.map(\.kind) == [.lost])
        let successor = try scene.keeper()
        #expect(try successor.sweep().sealed.map(\.missing) == [1])
        #expect(try scene.verify().findings.map(\.kind) == [.lost])
        try successor.close()
    }

    @Test func `what had been synchronised is not lost but cut`() throws {
        let source = try AuditScene()
        let keeper = try source.keeper()
        try keeper.keep(AuditScene.event(1))
        try keeper.synchronise()
        let scene = try AuditScene()
        try FileManager.default.copyItem(
            atPath: source.configuration.directory, toPath: scene.configuration.directory)
        let path = try #require(try scene.segments().first)
        try AuditScene.write(lines: try AuditScene.lines(path).dropLast(), to: path)
        #expect(try scene.verify().findings.map(\.kind) == [.cut])
    }

    @Test func `the successor of a process that was killed seals its file`() throws {
        let (scene, path) = try self.abandoned()
        #expect(try scene.verify().findings == [])
        let successor = try scene.keeper()
        let sealed = try #require(try successor.sweep().sealed.first)
        #expect(sealed.file == URL(filePath: path).lastPathComponent)
        #expect((sealed.entries, sealed.bySuccessor, sealed.torn) == (5, true, 0))
        #expect(try successor.sweep().sealed == [])
        #expect(try scene.verify().findings == [])
        try successor.close()
    }

    @Test func `a torn line is told as that, and taken away before the file is sealed`() throws {
        let (scene, path) = try self.abandoned()
        let whole = try AuditScene.bytes(path)
        try AuditScene.write(whole + Array(#"{"n":6,"at":"2027"#.utf8), to: path)
        #expect(try scene.verify().findings == [])
        #expect(try scene.verify().remarks.contains { $0.contains("torn") })
        let successor = try scene.keeper()
        #expect(try successor.sweep().sealed.map(\.torn) == [17])
        #expect(try AuditScene.bytes(path) == whole)
        #expect(try scene.verify().findings == [])
        #expect(try scene.verify().remarks.contains { $0.contains("17 bytes of that entry were taken away") })
        try AuditScene.write(whole + Array(#"{"n":6"#.utf8), to: path)
        #expect(try scene.verify().findings.map(\.kind) == [.appended])
        try successor.close()
    }

    @Test func `a process that was killed between an entry and its head leaves a sound file`() throws {
        let (scene, path) = try self.abandoned()
        let before = try AuditScene.bytes(path + ".head")
        // The head as it was one entry earlier.
        let other = try self.abandoned(entries: 3)
        try AuditScene.write(try AuditScene.bytes(other.path + ".head"), to: path + ".head")
        // Its hash belongs to another file, so only the right one passes.
        #expect(try !scene.verify().isSound)
        try AuditScene.write(before, to: path + ".head")
        #expect(try scene.verify().isSound)
    }

    @Test func `a file that nobody seals for long is told`() throws {
        let (scene, _) = try self.abandoned()
        scene.clock.advance(by: .seconds(7_201))
        #expect(try scene.verify().findings.map(\.kind) == [.unsealed])
    }

    @Test func `entries that were put behind the head are told`() throws {
        let (scene, path) = try self.abandoned()
        let longer = try self.abandoned(entries: 8)
        try AuditScene.write(try AuditScene.bytes(longer.path), to: path)
        #expect(try !scene.verify().isSound)
    }
}
