import Audit
import Foundation
import Testing

/// Whatever somebody does to a record that is not what a process did is found.
@Suite struct TamperTests {
    private func scene(entries: Int = 6) throws -> AuditScene {
        let scene = try AuditScene()
        try scene.sealedRecord(entries: entries)
        return scene
    }

    @Test func `an untouched record is sound`() throws {
        let report = try self.scene().verify()
        #expect(report.findings == [])
        #expect(report.remarks == [])
        #expect((report.files, report.entries, report.seals) == (1, 7, 1))
    }

    @Test func `a changed byte is told by file and line`() throws {
        let scene = try self.scene()
        let path = try #require(try scene.segments().first)
        var lines = try AuditScene.lines(path)
        // One digit of a duration: still a line that could have been written.
        let place = try #require(lines[3].lastIndex(of: UInt8(ascii: "7")))
        lines[3][try #require(lines[3][..<place].lastIndex(of: UInt8(ascii: "t")))] = UInt8(ascii: "u")
        try AuditScene.write(lines: lines, to: path)
        let finding = try #require(try scene.verify().findings.first)
        #expect(finding.kind == .changed)
        #expect(finding.line == 4)
        #expect(finding.file == URL(filePath: path).lastPathComponent)
    }

    @Test func `an entry that is missing in the middle is told`() throws {
        for index in 1..<6 {
            let scene = try self.scene()
            let path = try #require(try scene.segments().first)
            var lines = try AuditScene.lines(path)
            lines.remove(at: index)
            try AuditScene.write(lines: lines, to: path)
            #expect(try scene.verify().findings.map(\.kind) == [.removed])
            #expect(try scene.verify().findings.first?.line == index + 1)
        }
    }

    @Test func `two entries that changed places are told`() throws {
        for index in 0..<6 {
            let scene = try self.scene()
            let path = try #require(try scene.segments().first)
            var lines = try AuditScene.lines(path)
            lines.swapAt(index, index + 1)
            try AuditScene.write(lines: lines, to: path)
            #expect(try scene.verify().findings.map(\.kind) == [.reordered], "\(index)")
            #expect(try scene.verify().findings.first?.line == index + 2)
        }
    }

    @Test func `an entry that stands there twice is told`() throws {
        let scene = try self.scene()
        let path = try #require(try scene.segments().first)
        var lines = try AuditScene.lines(path)
        lines.insert(lines[2], at: 4)
        try AuditScene.write(lines: lines, to: path)
        #expect(try scene.verify().findings.contains { $0.kind == .repeated && $0.line == 5 })
    }

    @Test func `a tail that was cut off is told, wherever it was cut`() throws {
        let scene = try self.scene()
        let path = try #require(try scene.segments().first)
        let whole = try AuditScene.bytes(path)
        for count in 0..<whole.count {
            try AuditScene.write(Array(whole[..<count]), to: path)
            #expect(try scene.verify().findings.contains { $0.kind == .cut }, "\(count)")
        }
    }

    @Test func `every byte of file and ledger, changed in any of three ways, is found`() throws {
        let scene = try self.scene(entries: 2)
        for path in try scene.segments() + [scene.ledger] {
            let whole = try AuditScene.bytes(path)
            for index in whole.indices {
                for mask: UInt8 in [0x01, 0x20, 0x80] {
                    var changed = whole
                    changed[index] ^= mask
                    try AuditScene.write(changed, to: path)
                    #expect(try !scene.verify().isSound, "\(path) \(index) \(mask)")
                }
            }
            try AuditScene.write(whole, to: path)
        }
        #expect(try scene.verify().isSound)
    }

    @Test func `a ledger that lost, swapped or cut lines is found`() throws {
        let scene = try AuditScene()
        for _ in 0..<3 { try scene.sealedRecord(entries: 1) }
        let lines = try AuditScene.lines(scene.ledger)
        #expect(lines.count == 6)
        for index in lines.indices {
            var changed = lines
            changed.remove(at: index)
            try AuditScene.write(lines: changed, to: scene.ledger)
            #expect(try !scene.verify().isSound, "line \(index) removed")
            guard index > 0 else { continue }
            changed = lines
            changed.swapAt(index - 1, index)
            try AuditScene.write(lines: changed, to: scene.ledger)
            #expect(try !scene.verify().isSound, "line \(index) swapped")
        }
        let whole = Array(lines.map { $0 + [0x0A] }.joined())
        for count in 0..<whole.count {
            try AuditScene.write(Array(whole[..<count]), to: scene.ledger)
            #expect(try !scene.verify().isSound, "cut at \(count)")
        }
    }

    @Test func `whoever makes the whole chain anew cannot seal it`() throws {
        // The same record with one entry less, kept by a node with another key, in the place of the real one.
        let scene = try self.scene()
        let forged = try AuditScene()
        let forger = try forged.keeper(signer: SeedKey(seed: 2))
        for number in 0..<5 { try forger.keep(AuditScene.event(number)) }
        try forger.close()
        try FileManager.default.removeItem(atPath: scene.configuration.directory)
        try FileManager.default.copyItem(
            atPath: forged.configuration.directory, toPath: scene.configuration.directory)
        #expect(try scene.verify().findings.map(\.kind) == [.forgedSeal])
        #expect(try scene.verify(trusting: SeedKey(seed: 2)).isSound)
    }

    @Test func `a signature of one seal does not fit another`() throws {
        let scene = try AuditScene()
        for _ in 0..<2 { try scene.sealedRecord(entries: 1) }
        var lines = try AuditScene.lines(scene.ledger).map { String(decoding: $0, as: UTF8.self) }
        func signature(_ line: String) -> String { String(line.split(separator: "\"signature\":\"")[1]) }
        let (first, second) = (signature(lines[1]), signature(lines[3]))
        lines[3] = lines[3].replacingOccurrences(of: second, with: first)
        try AuditScene.write(lines: lines.map { Array($0.utf8) }, to: scene.ledger)
        let findings = try scene.verify().findings
        #expect(findings.map(\.kind) == [.forgedSeal])
        #expect(findings.first?.line == 4)
    }

    @Test func `a seal without signature is told`() throws {
        let scene = try AuditScene()
        let keeper = try scene.keeper(signer: NoKey())
        try keeper.close()
        #expect(try scene.verify().findings.map(\.kind) == [.unsignedSeal])
    }

    @Test func `a file that is gone, and one that was put there, are told`() throws {
        let scene = try self.scene()
        let path = try #require(try scene.segments().first)
        let other = URL(filePath: path).deletingLastPathComponent().path + "/20270115T080000Z-0.jsonl"
        try FileManager.default.moveItem(atPath: path, toPath: other)
        #expect(Set(try scene.verify().findings.map(\.kind)) == [.missingFile, .unknownFile])
    }

    @Test func `two files that changed places are told`() throws {
        let scene = try AuditScene()
        for _ in 0..<2 { try scene.sealedRecord(entries: 1) }
        let paths = try scene.segments()
        let contents = try paths.map(AuditScene.bytes)
        try AuditScene.write(contents[1], to: paths[0])
        try AuditScene.write(contents[0], to: paths[1])
        #expect(try scene.verify().findings.filter { $0.kind == .changed }.count >= 2)
    }
}
