import Gateway
import InMemoryTransport
import SHS
import SSBTEK
import Synchronization

/// Watches a world and says what did not hold, the first time.
///
/// Knows nothing of how the core works: it sees what goes over the connections, what the broker does, what the clients hear
/// and what is done to the world. What must always hold is asked at once; what must hold unless something was disturbed is
/// asked only where the disturbance was over in time.
final class InvariantChecker: InMemoryWitness {
    /// What the rules are measured by.
    struct Limits {
        let deadlines: DeadlineConfiguration
        let correlate: CorrelateConfiguration
        /// The most that two clocks differ.
        let spread: Duration
        /// Correlators cannot hold all that they should, so replies without answers that are there are to be expected.
        let isNarrow: Bool
        /// No disturbance, and no base service that is slow: nothing may be missing.
        let isPerfect: Bool
        /// The most that the network needs for one way.
        let latency: Duration
    }

    struct State {
        var violation: Violation?
        var transactions: [TransactionID: WatchedTransaction] = [:]
        var requests: [Int: WatchedRequest] = [:]
        var processes: [String: WatchedProcess] = [:]
        var disturbances = Disturbances()
        var figures = SimulationFigures()
        var asked: [String: Int] = [:]
        /// What the broker took last.
        var lastStored: (InMemoryMessage, InMemoryQueueName)?
    }

    let limits: Limits
    let clock: any GatewayClock
    private let trace: Trace
    private let onDeath: @Sendable (InMemoryMessage, InMemoryEvent.DeathReason) -> Void
    let state = Mutex(State())

    /// - Parameter onDeath: is told of every message that dies in its queue, inside the broker's lock.
    init(
        limits: Limits, clock: any GatewayClock, trace: Trace,
        onDeath: @escaping @Sendable (InMemoryMessage, InMemoryEvent.DeathReason) -> Void
    ) {
        self.limits = limits
        self.clock = clock
        self.trace = trace
        self.onDeath = onDeath
    }

    var violation: Violation? { self.state.withLock { $0.violation } }
    var figures: SimulationFigures { self.state.withLock { $0.figures } }

    /// States a fact about the whole world that must hold.
    func expect(_ isSo: Bool, _ invariant: Invariant, _ detail: @autoclosure () -> String) {
        guard !isSo else { return }
        self.trace.note("VIOLATION: \(invariant.rawValue): \(detail())")
        self.state.withLock { self.fail(invariant, detail(), in: &$0) }
    }

    func fail(_ invariant: Invariant, _ detail: String, in state: inout State) {
        guard state.violation == nil else { return }
        state.violation = Violation(invariant: invariant, detail: detail, moment: self.clock.now())
    }

    // MARK: What is done to the world

    func disturbanceBegan() { self.state.withLock { $0.disturbances.began(at: self.clock.now()) } }

    func disturbanceEnded() { self.state.withLock { $0.disturbances.ended(at: self.clock.now()) } }

    /// Something that has its effects within a time from now.
    func disturbed(for duration: Duration) {
        self.state.withLock { $0.disturbances.happened(until: self.clock.now() + duration) }
    }

    // MARK: What goes over the connections

    func witnessed(_ event: InMemoryEvent) {
        self.note(event)
        self.state.withLock { self.watch(event, in: &$0) }
        if case .died(let envelope, _, let reason) = event { self.onDeath(envelope.message, reason) }
    }

    private func watch(_ event: InMemoryEvent, in state: inout State) {
        state.figures.events += 1
        let now = self.clock.now()
        switch event {
        case .publishing(.manifest(let manifest), let process):
            state.transactions[manifest.transaction] = WatchedTransaction(
                manifest, ingress: process, at: now,
                within: self.limits.deadlines.replyBudget(persons: manifest.questions.count))
        case .publishing(.reply(let reply), _): self.replying(reply, in: &state)
        case .publishing: break
        case .published(let message, let outcome, let process): self.published(message, outcome, process, in: &state)
        case .stored(let envelope, let queue):
            state.lastStored = (envelope.message, queue)
            self.stored(envelope.message, at: now, in: &state)
        case .received(let envelope, _, let process):
            state.processes[process, default: WatchedProcess()].received(envelope.message)
        case .acknowledging(let envelope, let process):
            self.acknowledging(envelope.message, by: process, at: now, in: &state)
        case .died(let envelope, let queue, let reason): self.died(envelope.message, queue, reason, in: &state)
        case .rejected, .acknowledged: break
        }
    }

    private func published(
        _ message: InMemoryMessage, _ outcome: PublishOutcome, _ process: String, in state: inout State
    ) {
        guard let transaction = message.transaction else { return }
        switch message {
        case .manifest, .work:
            if outcome == .confirmed { state.transactions[transaction]?.unconfirmed -= 1 }
        case .answer, .reply:
            guard outcome == .confirmed || outcome == .unreachable else { return }
            state.processes[process, default: WatchedProcess()].settled(message)
        case .unreadable: break
        }
    }

    private func stored(_ message: InMemoryMessage, at now: Timestamp, in state: inout State) {
        guard let id = message.transaction else { return }
        switch message {
        case .answer(let answer):
            if state.transactions[id]?.answered[answer.slot] == nil {
                state.transactions[id]?.answered[answer.slot] = now
            }
        case .reply(let reply): self.replied(reply, at: now, in: &state)
        case .manifest, .work, .unreadable: break
        }
    }

    private func replying(_ reply: Reply, in state: inout State) {
        guard let transaction = state.transactions[reply.transaction] else { return }
        state.transactions[reply.transaction]?.replyCount += 1
        if transaction.replyCount > 0, !state.disturbances.hasHappened(since: transaction.begunAt) {
            self.fail(.oneReply, "\(reply.transaction) is replied to again without need", in: &state)
        }
    }

    private func replied(_ reply: Reply, at now: Timestamp, in state: inout State) {
        guard var transaction = state.transactions[reply.transaction] else {
            return self.fail(.rightSection, "a reply to \(reply.transaction), which nobody asked", in: &state)
        }
        transaction.replies.append(reply.outcome)
        state.transactions[reply.transaction] = transaction
        state.figures.replies += 1
        guard !state.disturbances.hasHappened(since: transaction.begunAt), !self.limits.isNarrow else { return }
        let limit =
            transaction.deadline + self.limits.correlate.settleFor + self.limits.correlate.tick
            + self.limits.spread + self.limits.latency * 4 + .milliseconds(200)
        if now > limit {
            self.fail(.deadlineKept, "the reply to \(reply.transaction) came \(now.since(limit)) late", in: &state)
        }
    }

    private func died(
        _ message: InMemoryMessage, _ queue: InMemoryQueueName, _ reason: InMemoryEvent.DeathReason,
        in state: inout State
    ) {
        state.figures.deadLetters += reason == .deliveryLimit ? 1 : 0
        guard let id = message.transaction else { return }
        if case .manifest = message { state.transactions[id]?.hasDied = true }
        if reason == .deliveryLimit, !state.disturbances.haveBeen {
            self.fail(.nothingLost, "a \(message.kind) came back too often", in: &state)
        }
        guard reason == .expired, let begun = state.transactions[id]?.begunAt else { return }
        switch message {
        case .work: return  // Its time is up: the correlator says so in its section.
        case .reply: return  // Whoever waited is gone; who still waits and gets nothing says so.
        case .manifest, .answer, .unreadable: break
        }
        if !state.disturbances.hasHappened(since: begun) {
            self.fail(.nothingLost, "a \(message.kind) expired in \(queue)", in: &state)
        }
    }

    private func note(_ event: InMemoryEvent) {
        switch event {
        case .stored(let envelope, let queue):
            self.trace.note(10, envelope.number)
            self.trace.note("\(self.time)   \(queue) takes \(envelope.message.text) #\(envelope.number)")
        case .rejected(let message, let queue): self.trace.note("\(self.time)   \(queue) refuses \(message.text)")
        case .acknowledged(let envelope, let queue):
            self.trace.note(11, envelope.number)
            self.trace.note("\(self.time)   \(queue) forgets #\(envelope.number)")
        case .died(let envelope, let queue, let reason):
            self.trace.note(12, envelope.number)
            self.trace.note("\(self.time)   \(queue) buries #\(envelope.number): \(reason.rawValue)")
        case .publishing(let message, let process):
            self.trace.note("\(self.time) \(process) publishes \(message.text)")
        case .published(let message, let outcome, let process):
            self.trace.note("\(self.time) \(process) hears of \(message.text): \(outcome.rawValue)")
        case .received(let envelope, _, let process):
            self.trace.note(13, envelope.number)
            self.trace.note("\(self.time) \(process) gets #\(envelope.number) \(envelope.message.text)")
        case .acknowledging(let envelope, let process):
            self.trace.note(14, envelope.number)
            self.trace.note("\(self.time) \(process) acknowledges #\(envelope.number) \(envelope.message.text)")
        }
    }

    private var time: String { "\(self.clock.now().milliseconds - SimulatedWorld.start.milliseconds) ms" }
}

extension InMemoryMessage {
    /// As a trace names it.
    fileprivate var text: String {
        let transaction = self.transaction.map { String($0.text.prefix(6)) } ?? ""
        let slot = self.slot.map { " \($0.question)/\($0.provider.rawValue)" } ?? ""
        return "\(self.kind) \(transaction)\(slot)"
    }
}
