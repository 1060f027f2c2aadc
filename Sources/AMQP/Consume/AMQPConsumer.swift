/// What a consumer is told.
package enum ConsumerEvent: Sendable, Equatable {
    /// Must be settled once, with ``AMQPConnection/settle(_:_:)``.
    case delivery(AMQPDelivery)

    /// The connection or the consumer's channel went away. Forget every delivery held until now: the broker gives
    /// them out again. The subscription is renewed by itself; deliveries after this event are of the new one.
    case deliveriesLost(AMQPError)

    /// The broker cancelled the subscription, mostly since the queue was deleted. Deliveries that are held can still
    /// be settled. The topology is declared anew and the subscription renewed, with back-off.
    case cancelled

    /// The broker refused the subscription, for example since there is no such queue. It is tried again, with back-off.
    case subscriptionFailed(AMQPError)
}

/// A subscription to one queue: iterate over its events from one task or from several.
///
/// With several tasks each event goes to one of them; `deliveriesLost` then concerns the deliveries of all. The
/// subscription lives until `cancel`, `close` or the shutdown of the connection, not until the object is let go: the
/// compiler may do that as soon as the last event was read, when its delivery is still held.
package final class AMQPConsumer: AsyncSequence, Sendable {
    package typealias Element = ConsumerEvent
    package typealias Failure = Never

    package let queue: String
    let id: Int
    private let mailbox: ConsumerMailbox
    private let inbox: ConnectionInbox

    init(id: Int, queue: String, mailbox: ConsumerMailbox, inbox: ConnectionInbox) {
        self.id = id
        self.queue = queue
        self.mailbox = mailbox
        self.inbox = inbox
    }

    /// Asks the broker for no more.
    ///
    /// Deliveries that came already are still handed out and can be settled; the sequence ends after them. Returns when
    /// the broker has agreed or is gone.
    package func cancel() async {
        await withCheckedContinuation { self.inbox.submit(.cancel(self.id, $0)) }
    }

    /// The same, without waiting for the broker.
    package func finish() {
        self.inbox.submit(.cancel(self.id, nil))
    }

    /// Ends the subscription and the sequence now: whatever is not settled goes back to the queue.
    package func close() {
        self.mailbox.close()
        self.inbox.submit(.close(self.id))
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        let mailbox: ConsumerMailbox

        package mutating func next() async -> ConsumerEvent? { await self.mailbox.next() }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> ConsumerEvent? {
            await self.mailbox.next()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(mailbox: self.mailbox) }
}
