import Gateway
import SSBTEK
import Testing

@testable import AMQPTransport

/// The payloads of the four kinds of message.
struct PayloadTests {
    @Test func `a manifest is read as it was written`() throws {
        for providers in [[[Provider.af, .csn], [.fk]], [Provider.allCases], []] {
            let manifest = try TransportFixture.manifest(providers: providers)
            #expect(try Manifest(payload: manifest.payload(), transaction: manifest.transaction) == manifest)
        }
    }

    @Test(arguments: Provider.allCases) func `a work item is read as it was written`(provider: Provider) throws {
        let item = TransportFixture.work(TransportFixture.transaction, provider)
        #expect(
            try WorkItem(payload: item.payload(), transaction: item.transaction, slot: item.slot, shard: item.shard)
                == item)
    }

    @Test(arguments: TransportFixture.outcomes) func `an answer is read as it was written`(
        outcome: SectionOutcome
    ) throws {
        let answer = TransportFixture.answer(outcome)
        #expect(
            try ProviderAnswer(
                payload: answer.payload(), transaction: answer.transaction, slot: answer.slot, shard: answer.shard)
                == answer)
    }

    @Test(arguments: TransportFixture.replies) func `a reply is read as it was written`(reply: Reply) throws {
        #expect(try Reply(payload: reply.payload(), transaction: reply.transaction) == reply)
    }

    @Test func `a payload cut short, or with more behind it, is refused`() throws {
        for sample in try Self.samples() {
            let payload = sample.payload
            for count in payload.indices {
                #expect(throws: MalformedPayload.self) { try sample.read(Array(payload[..<count])) }
            }
            #expect(throws: MalformedPayload.self) { try sample.read(payload + [0]) }
            try sample.read(payload)
        }
    }

    @Test func `a payload of another version is refused`() throws {
        for sample in try Self.samples() {
            for version: UInt8 in [0, 2, 255] {
                #expect(throws: MalformedPayload.self) { try sample.read([version] + sample.payload.dropFirst()) }
            }
        }
    }

    @Test func `no changed byte makes a reader trap`() throws {
        for sample in try Self.samples() {
            for index in sample.payload.indices {
                for mask: UInt8 in [0x01, 0x80, 0xFF] {
                    var payload = sample.payload
                    payload[index] ^= mask
                    // A changed letter is a letter; whoever may change it holds the key. It must end, that is all.
                    do { try sample.read(payload) } catch { #expect(error is MalformedPayload) }
                }
            }
        }
    }

    private struct Sample {
        let payload: [UInt8]
        let read: ([UInt8]) throws -> Void
    }

    /// One payload of each kind, with a reader.
    private static func samples() throws -> [Sample] {
        let slot = Slot(question: 1, provider: .csn)
        let transaction = TransportFixture.transaction
        return [
            Sample(payload: try TransportFixture.manifest().payload()) {
                _ = try Manifest(payload: $0, transaction: transaction)
            },
            Sample(payload: TransportFixture.work().payload()) {
                _ = try WorkItem(payload: $0, transaction: transaction, slot: slot, shard: 3)
            },
        ]
            + [TransportFixture.answer(), TransportFixture.answer(.error(.gateway(.notReachable)))].map { answer in
                Sample(payload: answer.payload()) {
                    _ = try ProviderAnswer(payload: $0, transaction: transaction, slot: slot, shard: 3)
                }
            }
            + TransportFixture.replies.map { reply in
                Sample(payload: reply.payload()) { _ = try Reply(payload: $0, transaction: transaction) }
            }
    }
}
