package import Gateway
import SHS
package import SSBTEK

/// Manifests and answers with few arguments.
package struct ManifestFixture {
    package static let start = Timestamp(milliseconds: 1_000_000)

    package var transaction = "a"
    package var txID = "tx-1"
    package var sender = RequestFixture.municipality
    /// The providers of each question.
    package var providers: [[Provider]] = [[.af, .csn]]
    package var content: UInt64 = 1
    package var acceptedAt = Self.start
    package var deadline = Self.start + .seconds(6)
    package var replyAddress = ReplyAddress("reply.1")

    package init(_ transaction: String = "a") {
        self.transaction = transaction
    }

    package var manifest: Manifest {
        Manifest(
            transaction: TransactionID(self.transaction), sender: self.sender,
            label: RequestFixture.label(txID: self.txID),
            questions: self.providers.enumerated().map { index, providers in
                ManifestQuestion(
                    entry: DataEntry(datapartType: "xml", filename: "fraga-\(index).xml"), providers: providers,
                    askedAt: nil, correlationID: "k-\(index)", echo: nil,
                    digest: ContentDigest(value: self.content * 100 + UInt64(index)))
            },
            acceptedAt: self.acceptedAt, deadline: self.deadline, replyAddress: self.replyAddress)
    }

    /// An answer whose content tells what it answers.
    package func answer(
        _ provider: Provider, question: Int = 0, outcome: SectionOutcome? = nil, shard: Int = 0
    ) -> ProviderAnswer {
        ProviderAnswer(
            transaction: TransactionID(self.transaction), slot: Slot(question: question, provider: provider),
            shard: shard,
            deadline: self.deadline - .milliseconds(200),
            outcome: outcome ?? self.outcome(provider, question: question),
            elapsed: .milliseconds(5))
    }

    package func outcome(_ provider: Provider, question: Int = 0) -> SectionOutcome {
        .data(Array("<s:data>\(self.content)/\(question)/\(provider.rawValue)</s:data>".utf8))
    }
}
