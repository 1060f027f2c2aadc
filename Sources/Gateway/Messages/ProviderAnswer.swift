package import SSBTEK

/// What one provider said, or why it said nothing, for one question.
package struct ProviderAnswer: Equatable, Sendable {
    package let transaction: TransactionID
    package let slot: Slot
    package let shard: Int
    /// The work item's deadline, kept so that an answer without a manifest can be told from one that came first.
    package let deadline: Timestamp
    package let outcome: SectionOutcome
    /// How long the provider took.
    package let elapsed: Duration

    package init(
        transaction: TransactionID,
        slot: Slot,
        shard: Int,
        deadline: Timestamp,
        outcome: SectionOutcome,
        elapsed: Duration
    ) {
        self.transaction = transaction
        self.slot = slot
        self.shard = shard
        self.deadline = deadline
        self.outcome = outcome
        self.elapsed = elapsed
    }
}
