import Audit
import Foundation
import Gateway
import SHS
import SSBTEK
import Testing

/// Security staff's four questions, and whom pseudonyms are told to.
@Suite struct SearchTests {
    /// Invented, with right check digits.
    private static let persons = ["198503119813", "197010632391", "199908072391", "196408233234"]
    private let scene: AuditScene

    init() throws {
        self.scene = try AuditScene()
        let keys = try PseudonymKeys(folder: self.scene.configuration.pseudonymKeys, makesFirst: true)
        let persons = try SearchTests.persons.map { try PersonIdentity($0) }
        let ingress = try self.scene.keeper("ingress")
        let worker = try self.scene.keeper("worker")
        for (number, person) in persons.enumerated() {
            self.scene.clock.advance(by: .seconds(1))
            try ingress.keep(
                AuditScene.accepted(
                    "t\(number)", caseWorker: "h\(number % 2)", party: number < 3 ? "2120009911" : "2120009929",
                    txID: "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a0\(number)", person: keys.pseudonym(of: person)))
            try worker.keep(AuditScene.event(number))
            try ingress.keep(
                .answered(TransactionID("t\(number)"), .reply(SectionCount(data: 1)), .milliseconds(9), joined: nil))
        }
        try ingress.keep(.refused(.unknownParty, Asker()))
        try ingress.keep(.refused(.wrongStatus, Asker(party: "2120009929")))
        try ingress.close()
        try worker.close()
    }

    private func found(
        _ subject: RecordSearch.Subject, since: Timestamp? = nil, until: Timestamp? = nil
    ) throws
        -> [String?]
    {
        try RecordSearch(
            directory: self.scene.configuration.directory, subject: subject, since: since, until: until
        ).run().map(\.transaction)
    }

    @Test func `by case worker`() throws {
        #expect(try self.found(.caseWorker("h0")) == ["t0", "t2"])
        #expect(try self.found(.caseWorker("h")) == [])
    }

    @Test func `by party, with what it was refused`() throws {
        #expect(try self.found(.party("2120009929")) == ["t3", nil])
    }

    @Test func `by the gateway's transaction and the sender's`() throws {
        #expect(try self.found(.transaction("t1")) == ["t1"])
        #expect(try self.found(.transaction("0D0F6A3E-6C38-4C0A-9C5E-0C7E5B1F2A01")) == ["t1"])
    }

    @Test func `by person, with the key`() throws {
        let keys = try PseudonymKeys(folder: self.scene.configuration.pseudonymKeys, makesFirst: false)
        let person = try PersonIdentity(SearchTests.persons[2])
        #expect(try self.found(.person(keys.pseudonyms(of: person))) == ["t2"])
        let other = try PseudonymKeys(folder: self.scene.folder + "/others", makesFirst: true)
        #expect(try self.found(.person(other.pseudonyms(of: person))) == [])
    }

    @Test func `within a time`() throws {
        let second = AuditScene.start + .seconds(2)
        #expect(try self.found(.party("2120009911"), since: second) == ["t1", "t2"])
        #expect(try self.found(.party("2120009911"), until: second) == ["t0"])
    }

    @Test func `with every step of every role`() throws {
        let found = try RecordSearch(directory: self.scene.configuration.directory, subject: .transaction("t1")).run()
        #expect(found.first?.steps.map(\.entry.event) == ["accepted", "provided", "answered"])
        #expect(found.first?.steps.map(\.role) == ["ingress", "worker", "ingress"])
    }

    @Test func `a new key gives new pseudonyms, and the old ones are found`() throws {
        let folder = self.scene.configuration.pseudonymKeys
        let person = try PersonIdentity(SearchTests.persons[0])
        let before = try PseudonymKeys(folder: folder, makesFirst: false).pseudonym(of: person)
        let key = [UInt8]((0..<32).map { _ in .random(in: 0...255) })
        #expect(
            FileManager.default.createFile(
                atPath: folder + "/000002", contents: Data(key), attributes: [.posixPermissions: 0o600]))
        let keys = try PseudonymKeys(folder: folder, makesFirst: false)
        #expect(keys.pseudonym(of: person) != before)
        #expect(keys.pseudonym(of: person).hasPrefix("000002:"))
        #expect(keys.pseudonyms(of: person).contains(before))
        #expect(!before.contains(person.tenDigits))
    }

    @Test func `a key that others can read is refused`() throws {
        let path = self.scene.configuration.pseudonymKeys + "/000001"
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: PseudonymKeyError.self) {
            try PseudonymKeys(folder: self.scene.configuration.pseudonymKeys, makesFirst: false)
        }
    }
}
