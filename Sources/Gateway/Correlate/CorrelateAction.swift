package import SSBTEK

/// What the correlator's shell does after an event; in order.
package enum CorrelateAction: Sendable {
    /// Assemble, sign and publish; then report ``CorrelateState/replied(_:reached:)`` or
    /// ``CorrelateState/replyFailed(_:at:)``.
    case reply(Assembly)
    /// Settle these; the ending is counted once.
    case acknowledge([DeliveryID], Ending)
}

/// Everything that one reply is made of.
package struct Assembly: Sendable {
    package let manifest: Manifest
    /// One list per question, in the contract's order; a silent provider's section holds `SSBT-1`.
    package let sections: [[(provider: Provider, outcome: SectionOutcome)]]
    /// The ingresses that wait: the first one's and those of repeats, each with the transaction it knows.
    package let recipients: [Recipient]
    package let isComplete: Bool

    /// One waiting ingress.
    package struct Recipient: Hashable, Sendable {
        package let transaction: TransactionID
        package let address: ReplyAddress
        /// Its own manifest's deadline: a repeat's is later than the first one's.
        package let deadline: Timestamp

        init(_ manifest: Manifest) {
            self.transaction = manifest.transaction
            self.address = manifest.replyAddress
            self.deadline = manifest.deadline
        }
    }

    /// How many sections hold data and how many an error.
    package var count: SectionCount {
        self.sections.joined().reduce(into: SectionCount()) { count, section in
            switch section.outcome {
            case .data: count.data += 1
            case .error: count.errors += 1
            }
        }
    }
}
