package import SHS
package import SSBTEK

/// What must come back for one transaction, until when, and where the reply goes: published before the work items.
package struct Manifest: Equatable, Sendable {
    package let transaction: TransactionID
    /// Organisation number of the party that asks.
    package let sender: String
    /// The request's label, from which the reply's label is made.
    package let label: Label
    /// In the order of the data parts.
    package let questions: [ManifestQuestion]
    package let acceptedAt: Timestamp
    /// The moment at which the correlator replies with what it has.
    package let deadline: Timestamp
    /// Where the waiting ingress reads its replies.
    package let replyAddress: ReplyAddress

    package init(
        transaction: TransactionID,
        sender: String,
        label: Label,
        questions: [ManifestQuestion],
        acceptedAt: Timestamp,
        deadline: Timestamp,
        replyAddress: ReplyAddress
    ) {
        self.transaction = transaction
        self.sender = sender
        self.label = label
        self.questions = questions
        self.acceptedAt = acceptedAt
        self.deadline = deadline
        self.replyAddress = replyAddress
    }

    /// Every (question, provider) that must come back.
    package var slots: [Slot] {
        self.questions.indices.flatMap { index in
            self.questions[index].providers.map { Slot(question: index, provider: $0) }
        }
    }

    /// Whether both are the same transfer sent again: same sender, tx.id and content.
    package func isRepeat(of other: Manifest) -> Bool {
        self.sender == other.sender && self.label.txID == other.label.txID && self.questions == other.questions
    }
}

/// What the answer to one question needs from the question.
package struct ManifestQuestion: Equatable, Sendable {
    /// The request's data part: `datapartType` and file name are kept in the reply.
    package let entry: DataEntry
    /// The included providers in the contract's order.
    package let providers: [Provider]
    /// `frageTidpunkt` as written, when given.
    package let askedAt: String?
    /// `korrelationsid`, echoed when given.
    package let correlationID: String?
    /// The question's content for `fraga`, when the sender asked for it back.
    package let echo: [UInt8]?
    /// Tells a repeated transfer from another one that its sender gave the same tx.id.
    package let digest: ContentDigest

    package init(
        entry: DataEntry,
        providers: [Provider],
        askedAt: String?,
        correlationID: String?,
        echo: [UInt8]?,
        digest: ContentDigest
    ) {
        self.entry = entry
        self.providers = providers
        self.askedAt = askedAt
        self.correlationID = correlationID
        self.echo = echo
        self.digest = digest
    }
}

/// One answer's place: which question, which provider.
package struct Slot: Hashable, Sendable {
    /// Index of the data part, from 0.
    package let question: Int
    package let provider: Provider

    package init(question: Int, provider: Provider) {
        self.question = question
        self.provider = provider
    }
}

/// The address of one ingress's replies; a queue's name on AMQP.
///
/// Holds nothing about sender or person.
package struct ReplyAddress: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }
}
