import AMQP
import Gateway
import SSBTEK
import Testing

@testable import AMQPTransport

/// Sealed messages: what stands outside, and that nothing of it can be changed.
struct MessageSealerTests {
    private let folder = KeyringFolder()
    private let sealer: MessageSealer

    init() throws {
        self.sealer = MessageSealer(keyring: try self.folder.keyring())
    }

    @Test func `every kind comes back as it was`() throws {
        let now = TransportFixture.now
        let manifest = try TransportFixture.manifest()
        #expect(try self.sealer.openManifest(self.sealer.seal(manifest, shard: 3, at: now)) == manifest)
        let item = TransportFixture.work()
        #expect(try self.sealer.openWork(self.sealer.seal(item, at: now)) == item)
        for outcome in TransportFixture.outcomes {
            let answer = TransportFixture.answer(outcome)
            #expect(try self.sealer.openAnswer(self.sealer.seal(answer, at: now)) == answer)
        }
        for reply in TransportFixture.replies {
            #expect(try self.sealer.openReply(self.sealer.seal(reply)) == reply)
        }
    }

    @Test func `nothing of the content stands outside`() throws {
        let message = try self.sealer.seal(TransportFixture.manifest(), shard: 3, at: TransportFixture.now)
        let visible = "\(message.headers) \(message.messageID ?? "") \(message.type ?? "")"
        for secret in ["2120009911", "11111111-2222", "fråga", "k & 1"] {
            #expect(!visible.contains(secret))
            #expect(message.body.firstRange(of: Array(secret.utf8)) == nil)
        }
        #expect(message.isPersistent)
        #expect(message.correlationID == nil)
    }

    @Test func `a message lives until its deadline, and never less than a millisecond`() throws {
        let item = TransportFixture.work()
        let early = try self.sealer.seal(item, at: TransportFixture.now)
        #expect(early.expiration == 6_000)
        #expect(try self.sealer.seal(item, at: item.deadline + .seconds(9)).expiration == 1)
        // Whoever could use the others later may still find them.
        let manifest = try TransportFixture.manifest()
        #expect(try self.sealer.seal(manifest, shard: 0, at: TransportFixture.now).expiration == 7_000 + 30_000)
        #expect(try self.sealer.seal(TransportFixture.answer(), at: TransportFixture.now).expiration == 6_000 + 30_000)
        #expect(try self.sealer.seal(TransportFixture.replies[0]).expiration == 30_000)
    }

    @Test func `a message whose headers were changed does not open`() throws {
        let sealed = try self.sealer.seal(TransportFixture.work(), at: TransportFixture.now)
        let changes: [(inout AMQPMessage) -> Void] = [
            { $0.messageID = "00000000000000000000000000000002" },
            { $0.messageID = nil },
            { $0.headers[HeaderNames.question] = 0 },
            { $0.headers[HeaderNames.question] = -1 },
            { $0.headers[HeaderNames.question] = nil },
            { $0.headers[HeaderNames.provider] = "AF" },
            { $0.headers[HeaderNames.provider] = "work.CSN" },
            { $0.headers[HeaderNames.provider] = nil },
            { $0.headers[HeaderNames.shard] = nil },
            { $0.headers[HeaderNames.shard] = "3" },
            { $0.type = MessageKind.answer.rawValue },
            { $0.type = nil },
        ]
        for change in changes {
            var message = sealed
            change(&message)
            #expect(throws: (any Error).self) { try self.sealer.openWork(message) }
        }
        #expect(throws: Never.self) { try self.sealer.openWork(sealed) }
    }

    @Test func `a message of one kind is none of another`() throws {
        let now = TransportFixture.now
        let manifest = try TransportFixture.manifest()
        var messages = [
            try self.sealer.seal(manifest, shard: 3, at: now), try self.sealer.seal(TransportFixture.work(), at: now),
            try self.sealer.seal(TransportFixture.answer(), at: now), try self.sealer.seal(TransportFixture.replies[0]),
        ]
        let kinds: [MessageKind] = [.manifest, .work, .answer, .reply]
        for (index, kind) in kinds.enumerated() {
            for other in messages.indices where other != index {
                // With everything that stands outside as it should be, the lane alone makes the difference.
                messages[other].type = kind.rawValue
                messages[other].headers[HeaderNames.question] = 1
                messages[other].headers[HeaderNames.provider] = "CSN"
                messages[other].headers[HeaderNames.shard] = 3
                #expect(throws: SealingError.notAuthentic) { try self.open(messages[other], as: kind) }
            }
        }
    }

    private func open(_ message: AMQPMessage, as kind: MessageKind) throws {
        switch kind {
        case .manifest: _ = try self.sealer.openManifest(message)
        case .work: _ = try self.sealer.openWork(message)
        case .answer: _ = try self.sealer.openAnswer(message)
        case .reply: _ = try self.sealer.openReply(message)
        }
    }
}
