import AMQPTransport
import Crypto
import Foundation
import Gateway
import SSBTEK
import Testing

/// The folder of sealing keys.
struct KeyringTests {
    private let folder = KeyringFolder()
    private let payload = Array("payload".utf8)

    private static func context(_ lane: Lane, question: Int? = nil) -> SealingContext {
        SealingContext(lane: lane, transaction: TransactionID("t-1"), question: question)
    }

    @Test func `what one role seals another one opens`() throws {
        let (ingress, worker) = (
            try self.folder.keyring(AMQPIngressTransport.lanes),
            try self.folder.keyring(AMQPWorkerTransport.lanes([.af]))
        )
        let envelope = try ingress.seal(self.payload, for: Self.context(.work(.af), question: 0))
        #expect(try worker.open(envelope, for: Self.context(.work(.af), question: 0)) == self.payload)
    }

    @Test func `roles that start at the same moment make one key`() async throws {
        let context = Self.context(.manifest)
        let folder = self.folder
        let keyrings = try await withThrowingTaskGroup(of: Keyring.self) { group in
            for _ in 0..<24 { group.addTask { try folder.keyring() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let envelopes = try keyrings.map { try $0.seal(self.payload, for: context) }
        for keyring in keyrings {
            for envelope in envelopes { #expect(try keyring.open(envelope, for: context) == self.payload) }
        }
        for lane in Lane.all {
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(self.folder.path)/\(lane.name)")
            #expect(names == [Epoch.name(1)])
        }
    }

    @Test func `keys are for the owner only`() throws {
        _ = try self.folder.keyring([.reply])
        let file = self.folder.file(.reply)
        #expect(try Self.permissions(file) == 0o600)
        #expect(try Self.permissions("\(self.folder.path)/reply") == 0o700)
        #expect(FileManager.default.contents(atPath: file)?.count == 84)
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o666, 0o700 | 0o010])
    func `a key that others may read is refused`(permissions: Int) throws {
        _ = try self.folder.keyring([.reply])
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: self.folder.file(.reply))
        #expect(throws: SealingError.malformedKey(lane: "reply", epoch: Epoch.name(1))) {
            try self.folder.keyring([.reply])
        }
    }

    @Test(arguments: [0, 32, 83, 85, 168]) func `a key of another length is refused`(length: Int) throws {
        _ = try self.folder.keyring([.reply])
        let handle = try FileHandle(forWritingTo: URL(filePath: self.folder.file(.reply)))
        try handle.truncate(atOffset: UInt64(length))
        try handle.close()
        #expect(throws: SealingError.malformedKey(lane: "reply", epoch: Epoch.name(1))) {
            try self.folder.keyring([.reply])
        }
    }

    @Test func `a folder that cannot be made is said`() throws {
        _ = FileManager.default.createFile(atPath: self.folder.path, contents: Data())
        let error = #expect(throws: SealingError.self) { try self.folder.keyring([.reply]) }
        guard case .keyringUnusable(let path, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasPrefix(self.folder.path))
    }

    @Test(arguments: [
        "../reply/0000000001", "../../work", "/etc/passwd", "00000000/1", "000000000\0", "000001", "00000000001", "",
        "０１２",
        "-000000001", "+000000001", "          ",
        ".new-1",
    ])
    func `the name of an epoch cannot lead anywhere else`(epoch: String) throws {
        let keyring = try self.folder.keyring([.manifest, .reply])
        // Sealed with the right key even: whoever sends the envelope chooses the name, and the name must not be a path.
        let bytes = try #require(FileManager.default.contents(atPath: self.folder.file(.reply)))
        let envelope = try Envelope.seal(
            self.payload, for: Self.context(.manifest), epoch: epoch, key: SymmetricKey(data: bytes[36..<68]))
        #expect(throws: SealingError.notAuthentic) { try keyring.open(envelope, for: Self.context(.manifest)) }
    }

    @Test func `a worker opens and seals nothing of another provider`() throws {
        let all = try self.folder.keyring()
        for own in Provider.allCases {
            let worker = try self.folder.keyring(AMQPWorkerTransport.lanes([own]))
            for lane in Lane.all {
                let context = Self.context(lane, question: 0)
                let envelope = try all.seal(self.payload, for: context)
                if lane == .work(own) || lane == .answer(own) {
                    #expect(try worker.open(envelope, for: context) == self.payload)
                } else {
                    #expect(throws: SealingError.unknownEpoch(lane: lane.name)) {
                        try worker.open(envelope, for: context)
                    }
                    #expect(throws: SealingError.unknownEpoch(lane: lane.name)) {
                        try worker.seal(self.payload, for: context)
                    }
                }
            }
        }
    }

    @Test func `each role has the lanes that its stages need, and no more`() {
        #expect(Set(AMQPIngressTransport.lanes) == Set([.manifest, .reply] + Provider.allCases.map { .work($0) }))
        #expect(Set(AMQPCorrelatorTransport.lanes) == Set([.manifest, .reply] + Provider.allCases.map { .answer($0) }))
        #expect(Set(AMQPWorkerTransport.lanes([.fk])) == [.work(.fk), .answer(.fk)])
        #expect(Set(Lane.all.map(\.name)).count == 2 + 2 * Provider.allCases.count)
    }

    private static func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
