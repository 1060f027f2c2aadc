/// Sees everything that happens between processes and the broker; for checking what must always hold.
///
/// Called in the order of events, partly inside the broker's lock: it must not call the broker.
package protocol InMemoryWitness: Sendable {
    func witnessed(_ event: InMemoryEvent)
}

/// One thing that happened at the broker, or at a process's end of its connection.
package enum InMemoryEvent: Sendable {
    // At the broker
    case stored(InMemoryEnvelope, InMemoryQueueName)
    /// Refused: the queue is full, or the broker takes nothing.
    case rejected(InMemoryMessage, InMemoryQueueName)
    case acknowledged(InMemoryEnvelope, InMemoryQueueName)
    /// Taken out of its queue for this reason.
    case died(InMemoryEnvelope, InMemoryQueueName, DeathReason)
    // At a process
    case publishing(InMemoryMessage, process: String)
    /// The publisher has heard what became of it.
    case published(InMemoryMessage, PublishOutcome, process: String)
    case received(InMemoryEnvelope, InMemoryQueueName, process: String)
    case acknowledging(InMemoryEnvelope, process: String)

    package enum DeathReason: String, Sendable {
        case expired
        case deliveryLimit = "delivery-limit"
        /// Its queue was deleted.
        case queueDeleted = "queue-deleted"
    }
}

/// What a publisher hears of one message.
package enum PublishOutcome: String, Sendable {
    case confirmed
    /// The queue is full, or the broker takes nothing.
    case rejected
    /// There is no such queue.
    case unreachable
    /// Nothing was heard in time, or the connection was lost: it may have arrived or not.
    case unconfirmed
    /// There was no connection.
    case unavailable
}

struct NoWitness: InMemoryWitness {
    func witnessed(_ event: InMemoryEvent) {}
}
