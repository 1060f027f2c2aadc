import Audit
import Foundation
import Gateway
import Glibc
import SHS
import Synchronization
import Testing

/// What the keeper does with its files.
@Suite struct KeeperTests {
    @Test func `nobody but the owner can read a file of the record`() throws {
        let scene = try AuditScene()
        try scene.sealedRecord(entries: 1)
        let keeper = try scene.keeper()
        let folder = scene.configuration.directory + "/ingress"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        try keeper.close()
    }

    @Test func `a file is sealed so long after its first entry, and another one goes on`() throws {
        let scene = try AuditScene()
        let keeper = try scene.keeper()
        scene.clock.advance(by: .seconds(36_000))
        #expect(!keeper.isDue, "an idle process makes no file an hour")
        try keeper.keep(AuditScene.event(1))
        scene.clock.advance(by: .seconds(3_599))
        #expect(!keeper.isDue)
        scene.clock.advance(by: .seconds(1))
        #expect(keeper.isDue)
        try keeper.roll()
        #expect(!keeper.isDue)
        try keeper.keep(AuditScene.event(2))
        #expect(try scene.segments().count == 2)
        #expect(try scene.verify().findings == [])
        #expect(try scene.verify().seals == 1)
        try keeper.close()
        #expect(try scene.verify().seals == 2)
    }

    @Test func `a file is sealed when it is large`() throws {
        let scene = try AuditScene()
        scene.configuration.maximumBytes = 2_000
        let keeper = try scene.keeper()
        for number in 0..<20 where !keeper.isDue { try keeper.keep(AuditScene.event(number)) }
        #expect(keeper.isDue)
        try keeper.close()
    }

    @Test func `processes of one role share the ledger and keep out of each other's files`() throws {
        let scene = try AuditScene()
        let one = try scene.keeper()
        let two = try scene.keeper()
        for number in 0..<20 {
            try one.keep(AuditScene.event(number))
            try two.keep(AuditScene.event(number))
            if number % 5 == 0 { try one.roll() }
            if number % 7 == 0 { try two.roll() }
            #expect(try one.sweep().sealed == [])
        }
        try one.close()
        try two.close()
        let report = try scene.verify()
        #expect(report.findings == [])
        #expect(report.files == 2 + 4 + 3)
    }

    @Test func `after its time a sealed file is removed, and the chain says so`() throws {
        let scene = try AuditScene()
        try scene.sealedRecord(entries: 2)
        let old = try #require(try scene.segments().first)
        scene.clock.advance(by: scene.configuration.retention - .seconds(1))
        let keeper = try scene.keeper()
        #expect(try keeper.sweep().removed == [])
        scene.clock.advance(by: .seconds(2))
        #expect(try keeper.sweep().removed == [URL(filePath: old).lastPathComponent])
        #expect(!FileManager.default.fileExists(atPath: old))
        #expect(try keeper.sweep().removed == [])
        let report = try scene.verify()
        #expect(report.findings == [])
        #expect(report.removed == 1)
        try keeper.close()
        // The same without the note is a file that somebody has taken away.
        let lines = try AuditScene.lines(scene.ledger)
        let kept = lines.filter { !String(decoding: $0, as: UTF8.self).contains(#""event":"removed""#) }
        try AuditScene.write(lines: kept, to: scene.ledger)
        #expect(try scene.verify().findings.contains { $0.kind == .missingFile })
    }

    @Test func `nothing is kept after the end`() throws {
        let scene = try AuditScene()
        let keeper = try scene.keeper()
        try keeper.close()
        #expect(throws: RecordUnavailable.self) { try keeper.keep(AuditScene.event(1)) }
        #expect(!keeper.isAvailable)
    }

    @Test func `a folder that cannot be made is told at the start`() throws {
        let scene = try AuditScene()
        scene.configuration.directory = "/dev/null/record"
        #expect(throws: RecordFolderError.self) { try scene.keeper() }
    }

    @Test func `what a sender writes stays on its line`() throws {
        let scene = try AuditScene()
        let keeper = try scene.keeper()
        let name = "a\",\"hash\":\"b\n{\"n\":1}\u{0}å\\"
        try keeper.keep(AuditScene.accepted("t1", caseWorker: name))
        try keeper.close()
        #expect(try scene.verify().findings == [])
        let found = try RecordSearch(directory: scene.configuration.directory, subject: .caseWorker(name)).run()
        #expect(found.first?.steps.first?.entry.questions?.first?.caseWorker == name)
    }

    @Test func `what comes in floods is written once at once, and then counted`() throws {
        let scene = try AuditScene()
        let keeper = try scene.keeper()
        let flood = RecordOccurrence.turnedAway(reason: "message-too-large", Asker(party: "2120009911"))
        for _ in 1...10_000 { keeper.count(flood) }
        func counts() throws -> [Int?] {
            try RecordSearch(directory: scene.configuration.directory, subject: .party("2120009911")).run()
                .flatMap { $0.steps.map(\.entry.count) }
        }
        #expect(try counts() == [1])
        scene.clock.advance(by: scene.configuration.countEvery - .milliseconds(1))
        keeper.sayCounts()
        #expect(try counts() == [1])
        scene.clock.advance(by: .milliseconds(1))
        keeper.sayCounts()
        #expect(try counts() == [1, 9_999])
        keeper.count(flood)
        keeper.sayCounts(isLast: true)
        #expect(try counts() == [1, 9_999, 1])
        try keeper.close()
        #expect(try scene.verify().findings == [])
        let text = String(decoding: try AuditScene.bytes(try scene.segments()[0]), as: UTF8.self)
        #expect(text.contains(#""event":"refused","fault":"message-too-large","party":"2120009911","count":9999"#))
    }

    @Test func `what cannot be sealed waits for a key, loses nothing, and is sealed then`() throws {
        let scene = try AuditScene()
        let lost = LostKey(scene.key)
        let keeper = try scene.keeper(signer: lost)
        try keeper.keep(AuditScene.event(1))
        lost.isThere.withLock { $0 = false }
        #expect(throws: LostKey.Lost.self) { try keeper.roll() }
        #expect(throws: LostKey.Lost.self) { try keeper.sweep() }
        try keeper.keep(AuditScene.event(2))
        #expect(throws: LostKey.Lost.self) { try keeper.roll() }
        try keeper.keep(AuditScene.event(3))
        #expect(keeper.isAvailable)
        #expect(try scene.verify().findings == [])
        lost.isThere.withLock { $0 = true }
        #expect(try keeper.sweep().sealed.map(\.entries) == [2, 2])
        try keeper.close()
        let report = try scene.verify()
        #expect(report.findings == [])
        #expect((report.seals, report.files, report.entries) == (3, 3, 6))
        #expect(report.remarks.count { $0.contains("it was sealed later") } == 2)
    }
}

/// A key that is not there for a while, as one that has run out or that a token does not give.
private final class LostKey: SealSigning {
    struct Lost: Error {}

    let isThere = Mutex(true)
    private let key: SeedKey

    init(_ key: SeedKey) { self.key = key }

    func signature(over bytes: [UInt8]) throws -> [UInt8]? {
        guard self.isThere.withLock({ $0 }) else { throw Lost() }
        return try self.key.signature(over: bytes)
    }
}
