import Gateway
package import SSBTEK
import Synchronization

/// The broker of tests and simulations: the queues of the architecture, in memory, without a clock of its own.
///
/// Only for tests; what a user runs is RabbitMQ. Expiration is left out: whoever takes a message checks its deadline.
package final class InMemoryBroker: Sendable {
    /// A message that came back too often, without its content.
    package struct DeadLetter: Hashable, Sendable {
        /// The queue that it was in: `work.CSN`, `correlate.3`, `reply`.
        package let queue: String
    }

    enum CorrelateMessage: Sendable {
        case manifest(Manifest)
        case answer(ProviderAnswer)
        /// Bytes that nobody can read.
        case unreadable
    }

    struct State: Sendable {
        var isAvailable = true
        var work: [Provider: InMemoryQueue<WorkItem>]
        var correlate: [InMemoryQueue<CorrelateMessage>]
        var replies: [ReplyAddress: InMemoryQueue<Reply>] = [:]
        var deadLetters: [DeadLetter] = []
        var lastConsumer: UInt64 = 0

        mutating func newConsumer() -> UInt64 {
            self.lastConsumer += 1
            return self.lastConsumer
        }

        mutating func bury(_ count: Int, in queue: String) {
            self.deadLetters += Array(repeating: DeadLetter(queue: queue), count: count)
        }
    }

    /// The outlets of consumers are called inside the lock, so that deliveries keep their order: they only ever put into an
    /// `AsyncStream`, which runs nobody's code.
    let state: Mutex<State>

    package init(shards: Int, workDeliveryLimit: Int = 3, correlateDeliveryLimit: Int = 100) {
        self.state = Mutex(
            State(
                work: Dictionary(
                    uniqueKeysWithValues: Provider.allCases.map {
                        ($0, InMemoryQueue(sharing: .fair, deliveryLimit: workDeliveryLimit))
                    }),
                correlate: Array(
                    repeating: InMemoryQueue(sharing: .singleActive, deliveryLimit: correlateDeliveryLimit),
                    count: shards)
            ))
    }

    // MARK: What a test sees and does

    /// Whether publishes are taken; what is in the queues stays, and deliveries go on.
    package var isAvailable: Bool { self.state.withLock { $0.isAvailable } }

    package func setAvailable(_ isAvailable: Bool) { self.state.withLock { $0.isAvailable = isAvailable } }

    package var deadLetters: [DeadLetter] { self.state.withLock { $0.deadLetters } }

    /// Messages in work queues, waiting or held.
    package func workCount(for provider: Provider) -> Int {
        self.state.withLock { ($0.work[provider]?.readyCount ?? 0) + ($0.work[provider]?.heldCount ?? 0) }
    }

    /// Messages in all correlate queues, waiting or held.
    package var correlateCount: Int {
        self.state.withLock { state in state.correlate.reduce(0) { $0 + $1.readyCount + $1.heldCount } }
    }

    /// Messages in all queues, waiting or held: zero once nothing is left behind.
    package var count: Int {
        self.state.withLock { state in
            state.work.values.reduce(0) { $0 + $1.readyCount + $1.heldCount }
                + state.correlate.reduce(0) { $0 + $1.readyCount + $1.heldCount }
                + state.replies.values.reduce(0) { $0 + $1.readyCount + $1.heldCount }
        }
    }

    /// Puts something into a correlate queue that nobody can read.
    package func publishUnreadable(shard: Int) {
        self.state.withLock { $0.correlate[shard].publish(.unreadable) }
    }
}
