import SSBTEK

/// One question for one provider: what a worker takes.
package struct WorkItem: Hashable, Sendable {
    package let transaction: TransactionID
    package let slot: Slot
    /// The correlate shard that waits for the answer.
    package let shard: Int
    /// The moment after which an answer would come too late.
    package let deadline: Timestamp
    /// The time that was left when the item was published: bounds the worker's time also when clocks differ.
    package let remaining: Duration
    /// The question document as the municipality signed it.
    package let question: [UInt8]
    /// Which of the provider's queues it goes through; not part of what is sealed.
    package let lane: WorkLane

    package init(
        transaction: TransactionID,
        slot: Slot,
        shard: Int,
        deadline: Timestamp,
        remaining: Duration,
        question: [UInt8],
        lane: WorkLane = .caseworker
    ) {
        self.transaction = transaction
        self.slot = slot
        self.shard = shard
        self.deadline = deadline
        self.remaining = remaining
        self.question = question
        self.lane = lane
    }

    /// What is left at `now`, never more than at publication; zero or less means that the work is dead.
    package func timeLeft(at now: Timestamp) -> Duration { min(self.deadline.since(now), self.remaining) }
}
