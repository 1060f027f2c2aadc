import Foundation
import Gateway
import SHS
import SSBTEK

@testable import AMQPTransport

/// Messages as the stages hand them to the transport, and a keyring to seal them with.
enum TransportFixture {
    static let transaction = TransactionID("00000000000000000000000000000001")
    static let now = Timestamp(milliseconds: 1_700_000_000_000)
    static let replyAddress = ReplyAddress("shs.reply.test")

    static func manifest(
        _ transaction: TransactionID = Self.transaction, providers: [[Provider]] = [[.af, .csn], [.fk]],
        deadline: Timestamp = Self.now + .seconds(7), replyAddress: ReplyAddress = Self.replyAddress
    ) throws -> Manifest {
        Manifest(
            transaction: transaction,
            sender: "2120009911",
            label: try Self.label(),
            questions: providers.enumerated().map { index, providers in
                ManifestQuestion(
                    entry: DataEntry(datapartType: "fråga", filename: index == 0 ? "fråga-1.xml" : nil),
                    providers: providers,
                    askedAt: index == 0 ? "2025-02-03T10:11:12.5+01:00" : nil,
                    correlationID: index == 0 ? nil : "k & 1",
                    echo: index == 0 ? Array("<s:fraga/>".utf8) : nil,
                    digest: ContentDigest(value: UInt64.max - UInt64(index))
                )
            },
            acceptedAt: Self.now,
            deadline: deadline,
            replyAddress: replyAddress
        )
    }

    static func work(
        _ transaction: TransactionID = Self.transaction, _ provider: Provider = .csn, question: Int = 1,
        deadline: Timestamp = Self.now + .seconds(6)
    ) -> WorkItem {
        WorkItem(
            transaction: transaction,
            slot: Slot(question: question, provider: provider),
            shard: 3,
            deadline: deadline,
            remaining: .milliseconds(6_000),
            question: Array("<fråga/>".utf8)
        )
    }

    static func answer(
        _ outcome: SectionOutcome = .data(Array("<s:data>å</s:data>".utf8)),
        _ transaction: TransactionID = Self.transaction, _ provider: Provider = .csn, question: Int = 1
    ) -> ProviderAnswer {
        ProviderAnswer(
            transaction: transaction,
            slot: Slot(question: question, provider: provider),
            shard: 3,
            deadline: Self.now + .seconds(6),
            outcome: outcome,
            elapsed: .milliseconds(17)
        )
    }

    static let outcomes: [SectionOutcome] =
        [.data([]), .data(Array("<s:data>å</s:data>".utf8))]
        + GatewayErrorCode.allCases.map { .error(.gateway($0)) }
        + [.error(ProviderError(source: .bt, code: "F-17", messages: ["Två", "meningar", ""]))]

    static let replies: [Reply] = [
        Reply(
            transaction: Self.transaction, outcome: .message(Array("MIME".utf8)), sections: .init(data: 3, errors: 4)),
        Reply(transaction: Self.transaction, outcome: .message([]), sections: .init()),
        Reply(transaction: Self.transaction, outcome: .fault(.internalError), sections: .init()),
    ]

    private static func label() throws -> Label {
        Label(
            txID: "11111111-2222-3333-4444-555555555555",
            corrID: "66666666-7777-8888-9999-000000000000",
            transferType: .synch,
            sequenceType: .request,
            status: .test,
            from: Label.Actor(address: try Self.found(PartyAddress("2120009911")), commonName: "Kommun Å"),
            to: Label.Actor(address: try Self.found(PartyAddress("2021005521")), commonName: nil),
            product: Label.Product(
                id: try Self.found(ProductID("00000000-0000-0000-0000-00000000e001")), commonName: "SSBTEK"),
            subject: "fråga",
            datetime: "2025-11-21T12:00:00",
            content: Label.Content(
                contentID: "c-1", kind: .data([DataEntry(datapartType: "fråga", filename: "fråga-1.xml")]))
        )
    }

    struct NotThere: Error {}

    private static func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw NotThere() }
        return value
    }
}
