import Gateway
import Synchronization

/// One process's connection to the broker: publishes with confirms, consumers, and what they hold.
///
/// It can be lost and come back: what was not confirmed then counts as unconfirmed, what was held goes to others, and the
/// consumers are there again. What belongs to an earlier link has no effect any more.
final class InMemoryConnection: Sendable {
    /// One message that this process holds.
    struct Delivery: Sendable {
        let number: UInt64
        let envelope: InMemoryEnvelope
        let queue: InMemoryQueueName
        let consumer: UInt64
        let link: InMemoryLink

        var message: InMemoryMessage { self.envelope.message }
    }

    enum Settlement: Sendable { case acknowledge, handBack }

    private struct Subscription {
        let queue: InMemoryQueueName
        let capacity: Int
        let deliver: @Sendable (Delivery) -> Void
        /// Whatever it brought is not ours any more.
        let lose: @Sendable () -> Void
        /// No more will come.
        let finish: @Sendable () -> Void
        var consumer: UInt64
    }

    /// Messages that were published together, until each has its outcome.
    private struct Batch {
        let messages: [InMemoryMessage]
        var outcomes: [PublishOutcome?]
        /// Acknowledged in the same moment in which everything is confirmed.
        let cause: Delivery?
        let continuation: CheckedContinuation<[PublishOutcome], Never>
    }

    private struct Held: Hashable {
        let queue: InMemoryQueueName
        let number: UInt64
    }

    private struct State {
        var link: InMemoryLink?
        var isCut = false
        var isClosed = false
        var subscriptions: [Subscription] = []
        var batches: [UInt64: Batch] = [:]
        var lastBatch: UInt64 = 0
        var held: Set<Held> = []
    }

    private let process: String
    private let broker: InMemoryBroker
    private let network: any InMemoryNetwork
    private let clock: (any GatewayClock)?
    private let state = Mutex(State())

    init(process: String, broker: InMemoryBroker, network: any InMemoryNetwork, clock: (any GatewayClock)?) {
        self.process = process
        self.broker = broker
        self.network = network
        self.clock = clock
        self.restore()
    }

    var isAvailable: Bool { self.state.withLock { $0.link != nil } && self.broker.isAvailable }

    /// How many messages this process holds.
    var heldCount: Int { self.state.withLock { $0.held.count } }

    // MARK: Publishing

    /// Publishes in this order and returns when the outcome of each is known.
    func publish(
        _ messages: [(InMemoryMessage, InMemoryQueueName)], acknowledging cause: Delivery? = nil
    ) async -> [PublishOutcome] {
        guard self.isAvailable, cause.map({ self.isHeld($0) }) ?? true else {
            return messages.map { _ in .unavailable }
        }
        return await withCheckedContinuation { continuation in
            let start: (link: InMemoryLink, batch: UInt64)? = self.state.withLock { state in
                guard let link = state.link else { return nil }
                state.lastBatch += 1
                state.batches[state.lastBatch] = Batch(
                    messages: messages.map(\.0), outcomes: messages.map { _ in nil }, cause: cause,
                    continuation: continuation)
                return (link, state.lastBatch)
            }
            guard let start else { return continuation.resume(returning: messages.map { _ in .unavailable }) }
            for (index, (message, queue)) in messages.enumerated() {
                self.send(message, to: queue, over: start.link) { self.settled(start.batch, index, $0) }
            }
        }
    }

    private func send(
        _ message: InMemoryMessage, to queue: InMemoryQueueName, over link: InMemoryLink,
        _ report: @escaping @Sendable (PublishOutcome) -> Void
    ) {
        let (broker, network) = (self.broker, self.network)
        broker.witness.witnessed(.publishing(message, process: self.process))
        let timeToLive = self.clock.map { message.timeToLive(at: $0.now()) }
        network.carry(over: link, .toBroker) {
            let outcome = broker.take(message, for: queue, timeToLive: timeToLive)
            network.confirm(over: link, { report(outcome) }, orGiveUp: { report(.unconfirmed) })
        }
    }

    private func settled(_ number: UInt64, _ index: Int, _ outcome: PublishOutcome) {
        let progress: (message: InMemoryMessage, finished: Batch?)? = self.state.withLock { state in
            guard var batch = state.batches[number], batch.outcomes[index] == nil else { return nil }
            batch.outcomes[index] = outcome
            let isFinished = batch.outcomes.allSatisfy { $0 != nil }
            state.batches[number] = isFinished ? nil : batch
            return (batch.messages[index], isFinished ? batch : nil)
        }
        guard let progress else { return }
        self.broker.witness.witnessed(.published(progress.message, outcome, process: self.process))
        guard let batch = progress.finished else { return }
        let outcomes = batch.outcomes.compactMap(\.self)
        if let cause = batch.cause, outcomes.allSatisfy({ $0 == .confirmed }) { self.settle(cause, .acknowledge) }
        batch.continuation.resume(returning: outcomes)
    }

    // MARK: Consuming

    /// False when the connection takes no consumer any more.
    func consume(
        _ queue: InMemoryQueueName, capacity: Int, deliver: @escaping @Sendable (Delivery) -> Void,
        lose: @escaping @Sendable () -> Void = {}, finish: @escaping @Sendable () -> Void
    ) -> Bool {
        let subscription = Subscription(
            queue: queue, capacity: capacity, deliver: deliver, lose: lose, finish: finish,
            consumer: self.broker.newNumber())
        let link: InMemoryLink?? = self.state.withLock { state in
            guard !state.isCut, !state.isClosed else { return nil }
            state.subscriptions.append(subscription)
            return .some(state.link)
        }
        guard let link else { return false }
        if let link { self.attach(subscription, over: link) }
        return true
    }

    func settle(_ delivery: Delivery, _ settlement: Settlement) {
        guard self.release(delivery) else { return }
        let broker = self.broker
        if settlement == .acknowledge {
            broker.witness.witnessed(.acknowledging(delivery.envelope, process: self.process))
        }
        self.network.carry(over: delivery.link, .toBroker) {
            switch settlement {
            case .acknowledge: broker.acknowledge(delivery.number, by: delivery.consumer, of: delivery.queue)
            case .handBack: broker.handBack(delivery.number, by: delivery.consumer, of: delivery.queue)
            }
        }
    }

    /// Gives all consumers up; what they hold goes to others.
    func endConsuming() {
        let (link, subscriptions) = self.state.withLock { state in
            defer { (state.subscriptions, state.held) = ([], []) }
            return (state.link, state.subscriptions)
        }
        guard let link else { return }
        let broker = self.broker
        for subscription in subscriptions {
            self.network.carry(over: link, .toBroker) { broker.detach(subscription.consumer, from: subscription.queue) }
        }
    }

    // MARK: Life

    /// Graceful: no more deliveries; what was taken can still be settled.
    func close() {
        let (link, subscriptions) = self.state.withLock { state in
            state.isClosed = true
            return (state.link, state.subscriptions)
        }
        let broker = self.broker
        for subscription in subscriptions {
            if let link {
                self.network.carry(over: link, .toBroker) {
                    broker.stop(subscription.consumer, of: subscription.queue)
                }
            }
            subscription.finish()
        }
    }

    /// As when the process is killed: everything that it held goes to others, and nothing that it does has any effect.
    func cut() {
        let subscriptions = self.state.withLock { state in
            state.isCut = true
            return state.subscriptions
        }
        self.lose()
        for subscription in subscriptions { subscription.finish() }
    }

    /// The link is lost: nothing more comes or goes over it.
    func lose() {
        let (link, subscriptions, batches) = self.state.withLock { state in
            defer { (state.link, state.held, state.batches) = (nil, [], [:]) }
            return (state.link, state.subscriptions, state.batches)
        }
        guard let link else { return }
        for subscription in subscriptions { subscription.lose() }
        for (_, batch) in batches.sorted(by: { $0.key < $1.key }) {
            for (message, outcome) in zip(batch.messages, batch.outcomes) where outcome == nil {
                self.broker.witness.witnessed(.published(message, .unconfirmed, process: self.process))
            }
            batch.continuation.resume(returning: batch.outcomes.map { $0 ?? .unconfirmed })
        }
        let broker = self.broker
        self.network.sever(link) {
            for subscription in subscriptions { broker.detach(subscription.consumer, from: subscription.queue) }
        }
    }

    /// There is a link again, and every consumer with it.
    func restore() {
        let new = InMemoryLink(number: self.broker.newNumber(), process: self.process)
        let count = self.state.withLock { $0.subscriptions.count }
        let consumers = (0..<count).map { _ in self.broker.newNumber() }
        let subscriptions: [Subscription] = self.state.withLock { state in
            guard !state.isCut, state.link == nil else { return [] }
            state.link = new
            if state.isClosed { return [] }
            for (index, consumer) in zip(state.subscriptions.indices, consumers) {
                state.subscriptions[index].consumer = consumer
            }
            return state.subscriptions
        }
        for subscription in subscriptions { self.attach(subscription, over: new) }
    }

    private func attach(_ subscription: Subscription, over link: InMemoryLink) {
        let (broker, network, queue) = (self.broker, self.network, subscription.queue)
        network.carry(over: link, .toBroker) {
            broker.attach(subscription.consumer, to: queue, capacity: subscription.capacity) { number, envelope in
                network.carry(over: link, .fromBroker) {
                    let delivery = Delivery(
                        number: number, envelope: envelope, queue: queue, consumer: subscription.consumer, link: link)
                    self.arrived(delivery, subscription.deliver)
                }
            }
        }
    }

    private func arrived(_ delivery: Delivery, _ deliver: @Sendable (Delivery) -> Void) {
        let isOurs = self.state.withLock { state in
            guard state.link == delivery.link, !state.isClosed else { return false }
            return state.held.insert(Held(queue: delivery.queue, number: delivery.number)).inserted
        }
        guard isOurs else { return }
        self.broker.witness.witnessed(.received(delivery.envelope, delivery.queue, process: self.process))
        deliver(delivery)
    }

    private func isHeld(_ delivery: Delivery) -> Bool {
        self.state.withLock {
            $0.link == delivery.link && $0.held.contains(Held(queue: delivery.queue, number: delivery.number))
        }
    }

    private func release(_ delivery: Delivery) -> Bool {
        self.state.withLock { state in
            guard state.link == delivery.link else { return false }
            return state.held.remove(Held(queue: delivery.queue, number: delivery.number)) != nil
        }
    }
}

extension PublishOutcome {
    /// What the core is told; nil when it is confirmed.
    var error: TransportError? {
        switch self {
        case .confirmed: nil
        case .rejected: .rejected
        case .unreachable: .unreachable
        case .unconfirmed: .unconfirmed
        case .unavailable: .unavailable
        }
    }
}
