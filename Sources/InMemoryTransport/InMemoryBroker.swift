package import Gateway
package import SSBTEK
import Synchronization

/// The broker of tests and simulations: the queues of the architecture, in memory.
///
/// Only for tests; what a user runs is RabbitMQ. Messages expire only when there is a clock; whoever takes one checks its
/// deadline in any case.
package final class InMemoryBroker: Sendable {
    /// A message that came back too often, without its content.
    package struct DeadLetter: Hashable, Sendable {
        /// The queue that it was in: `work.CSN`, `correlate.3`, or a reply queue's name.
        package let queue: String
    }

    private typealias Queue = InMemoryQueue<InMemoryEnvelope>

    private struct State: Sendable {
        var isAvailable = true
        var queues: [InMemoryQueueName: Queue]
        var deadLetters: [DeadLetter] = []
        var lastNumber: UInt64 = 0

        mutating func next() -> UInt64 {
            self.lastNumber += 1
            return self.lastNumber
        }
    }

    /// Consumers are called inside the lock, so that deliveries keep their order: they only ever hand over to the network.
    private let state: Mutex<State>
    private let clock: (any GatewayClock)?
    let witness: any InMemoryWitness
    let shards: Int

    /// - Parameter clock: the broker's own; nil means that nothing expires.
    package init(
        shards: Int, workDeliveryLimit: Int = 3, correlateDeliveryLimit: Int = 100, clock: (any GatewayClock)? = nil,
        witness: (any InMemoryWitness)? = nil
    ) {
        var queues: [InMemoryQueueName: Queue] = [:]
        for provider in Provider.allCases {
            queues[.work(provider)] = Queue(sharing: .fair, deliveryLimit: workDeliveryLimit)
        }
        for shard in 0..<shards {
            queues[.correlate(shard)] = Queue(sharing: .singleActive, deliveryLimit: correlateDeliveryLimit)
        }
        self.state = Mutex(State(queues: queues))
        self.shards = shards
        self.clock = clock
        self.witness = witness ?? NoWitness()
    }

    // MARK: What a test sees and does

    /// Whether publishes are taken; what is in the queues stays, and deliveries go on.
    package var isAvailable: Bool { self.state.withLock { $0.isAvailable } }

    package func setAvailable(_ isAvailable: Bool) { self.state.withLock { $0.isAvailable = isAvailable } }

    package var deadLetters: [DeadLetter] { self.state.withLock { $0.deadLetters } }

    /// Messages in work queues, waiting or held.
    package func workCount(for provider: Provider) -> Int { self.count { $0 == .work(provider) } }

    /// Messages in all correlate queues, waiting or held.
    package var correlateCount: Int { self.count { if case .correlate = $0 { true } else { false } } }

    /// Messages in all queues, waiting or held: zero once nothing is left behind.
    package var count: Int { self.count { _ in true } }

    /// Puts something into a correlate queue that nobody can read.
    package func publishUnreadable(shard: Int) { _ = self.take(.unreadable, for: .correlate(shard), timeToLive: nil) }

    /// Mixes what waits in a queue.
    package func shuffle(_ name: InMemoryQueueName, using generator: inout some RandomNumberGenerator) {
        self.state.withLock { $0.queues[name]?.shuffle(using: &generator) }
    }

    /// Bounds every work and correlate queue, or takes the bound away.
    package func setMaximumLength(_ length: Int) {
        self.state.withLock { state in
            for name in state.queues.keys {
                if case .reply = name { continue }
                state.queues[name]?.maximumLength = length
            }
        }
    }

    /// Takes out what has expired; a broker does that by itself, in memory somebody has to say when.
    package func expire() {
        guard let now = self.clock?.now() else { return }
        self.state.withLock { state in
            let names = state.queues.filter { $0.value.hasExpired(at: now) }.keys
            for name in names.sorted(by: { $0.description < $1.description }) {
                self.bury(state.queues[name]?.expire(at: now) ?? [], of: name, .expired, in: &state)
            }
        }
    }

    // MARK: What connections do

    func newNumber() -> UInt64 { self.state.withLock { $0.next() } }

    package func declare(_ address: ReplyAddress) {
        self.state.withLock { state in
            if state.queues[.reply(address)] == nil {
                state.queues[.reply(address)] = Queue(sharing: .fair, deliveryLimit: 100)
            }
        }
    }

    package func delete(_ address: ReplyAddress) {
        self.state.withLock { state in
            guard let queue = state.queues.removeValue(forKey: .reply(address)) else { return }
            for envelope in queue.messages {
                self.witness.witnessed(.died(envelope, .reply(address), .queueDeleted))
            }
        }
    }

    /// Takes a message, or says why not.
    package func take(
        _ message: InMemoryMessage, for name: InMemoryQueueName, timeToLive: Duration?
    ) -> PublishOutcome {
        let expiry = timeToLive.flatMap { time in self.clock.map { $0.now() + time } }
        return self.state.withLock { state in
            guard let queue = state.queues[name] else { return .unreachable }
            guard state.isAvailable, !queue.isFull else {
                self.witness.witnessed(.rejected(message, name))
                return .rejected
            }
            let envelope = InMemoryEnvelope(number: state.next(), message: message)
            self.witness.witnessed(.stored(envelope, name))
            state.queues[name]?.publish(envelope, expiresAt: expiry)
            return .confirmed
        }
    }

    func attach(
        _ consumer: UInt64, to name: InMemoryQueueName, capacity: Int,
        deliver: @escaping @Sendable (UInt64, InMemoryEnvelope) -> Void
    ) {
        self.expire()
        self.state.withLock { state in
            state.queues[name]?.attach(consumer, capacity: capacity) { deliver($0.number, $0.message) }
        }
    }

    func stop(_ consumer: UInt64, of name: InMemoryQueueName) {
        self.state.withLock { $0.queues[name]?.stop(consumer) }
    }

    func detach(_ consumer: UInt64, from name: InMemoryQueueName) {
        self.state.withLock { state in
            self.bury(state.queues[name]?.detach(consumer) ?? [], of: name, .deliveryLimit, in: &state)
        }
    }

    func acknowledge(_ number: UInt64, by consumer: UInt64, of name: InMemoryQueueName) {
        self.state.withLock { state in
            guard let envelope = state.queues[name]?.acknowledge(number, by: consumer) else { return }
            self.witness.witnessed(.acknowledged(envelope, name))
        }
    }

    func handBack(_ number: UInt64, by consumer: UInt64, of name: InMemoryQueueName) {
        self.state.withLock { state in
            self.bury(state.queues[name]?.handBack(number, by: consumer) ?? [], of: name, .deliveryLimit, in: &state)
        }
    }

    private func bury(
        _ envelopes: [InMemoryEnvelope], of name: InMemoryQueueName, _ reason: InMemoryEvent.DeathReason,
        in state: inout State
    ) {
        for envelope in envelopes {
            if reason == .deliveryLimit { state.deadLetters.append(DeadLetter(queue: name.description)) }
            self.witness.witnessed(.died(envelope, name, reason))
        }
    }

    private func count(where isCounted: (InMemoryQueueName) -> Bool) -> Int {
        self.state.withLock { state in
            state.queues.reduce(0) { isCounted($1.key) ? $0 + $1.value.readyCount + $1.value.heldCount : $0 }
        }
    }
}
