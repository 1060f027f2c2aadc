import AMQP
import Gateway
import SSBTEK
import Testing

@testable import AMQPTransport

/// What is done about a dead letter, decided by its headers alone.
struct DeadLetterTests {
    private static let reasons = ["expired", "delivery_limit", "rejected", "maxlen"]
    private let sealer: MessageSealer
    private let folder = KeyringFolder()

    init() throws {
        self.sealer = MessageSealer(keyring: try self.folder.keyring())
    }

    private func letter(_ message: AMQPMessage, _ reason: String?) -> DeadLetter {
        var message = message
        message.headers["x-first-death-reason"] = reason.map { .string($0) }
        return DeadLetter(message)
    }

    @Test(arguments: reasons) func `a work item becomes an error section unless its time was up`(reason: String) throws
    {
        let item = TransportFixture.work()
        let letter = self.letter(try self.sealer.seal(item, at: TransportFixture.now), reason)
        #expect(letter.kind == "work")
        #expect(letter.reason == reason)
        #expect(
            letter.remedy
                == (reason == "expired"
                    ? .none : .answer(item.transaction, item.slot, shard: item.shard, deadline: item.deadline)))
    }

    @Test(arguments: reasons) func `a manifest is refused to whoever waits unless its time was up`(
        reason: String
    ) throws {
        let manifest = try TransportFixture.manifest()
        let letter = self.letter(try self.sealer.seal(manifest, shard: 3, at: TransportFixture.now), reason)
        #expect(letter.kind == "manifest")
        #expect(letter.reason == reason)
        #expect(
            letter.remedy == (reason == "expired" ? .none : .refuse(manifest.transaction, manifest.replyAddress)))
    }

    @Test(arguments: reasons) func `answers and replies are discarded`(reason: String) throws {
        let answer = self.letter(try self.sealer.seal(TransportFixture.answer(), at: TransportFixture.now), reason)
        #expect(answer.kind == "answer")
        #expect(answer.remedy == .none)
        let reply = self.letter(try self.sealer.seal(TransportFixture.replies[0]), reason)
        #expect(reply.kind == "reply")
        #expect(reply.remedy == .none)
    }

    @Test func `what is unknown keeps its names out of logs and metrics`() {
        var message = AMQPMessage(body: [])
        message.type = "199001019802"
        let letter = self.letter(message, "because of 199001019802")
        #expect(letter.kind == "unknown")
        #expect(letter.reason == "unknown")
        #expect(letter.remedy == .none)
        #expect(self.letter(AMQPMessage(body: []), nil).remedy == .none)
    }

    @Test func `a letter without the headers that name its place is discarded`() throws {
        let work = try self.sealer.seal(TransportFixture.work(), at: TransportFixture.now)
        for name in [HeaderNames.question, HeaderNames.provider, HeaderNames.shard, HeaderNames.deadline] {
            var message = work
            message.headers[name] = nil
            #expect(self.letter(message, "delivery_limit").remedy == .none)
        }
        var manifest = try self.sealer.seal(TransportFixture.manifest(), shard: 3, at: TransportFixture.now)
        manifest.headers[HeaderNames.replyAddress] = nil
        #expect(self.letter(manifest, "delivery_limit").remedy == .none)
    }
}
