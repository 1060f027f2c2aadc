internal import Synchronization

/// Everything that callers and the loop thread of one connection share: work on its way in, and the state to look at.
///
/// Shell around a plain value: lock, ask, unlock, act. Callers never wait for the thread here.
final class ConnectionInbox: Sendable {
    enum Stop: Int, Sendable {
        /// Answer what is outstanding within the retirement time-out, then close.
        case retiring
        /// The same within the shutdown time-out.
        case draining
        /// Close now.
        case immediate
    }

    /// One settlement of one delivery.
    struct Settlement: Sendable {
        var tag: AMQPDeliveryTag
        var disposition: AMQPDisposition
    }

    /// What the loop thread takes over at one wake-up.
    struct Work: Sendable {
        var publishes: [PublishRequest] = []
        var settlements: [Settlement] = []
        var commands: [ConnectionCommand] = []
        var stop: Stop?
    }

    private enum Phase {
        case idle
        case disconnected
        case connected
        case blocked
        case stopped
    }

    private struct State {
        var phase = Phase.idle
        var hasRun = false
        var work = Work()
        /// The thread has been woken and has not taken its work yet.
        var isWaking = false
        var nextConsumer = 0
        var lastError: AMQPError?
        var statistics = AMQPStatistics()
        var staleSettlements = 0
        var waiters = ConnectWaiters()

        var refusal: AMQPError.Code? {
            if self.work.stop != nil { return .shutDown }
            switch self.phase {
            case .idle, .disconnected: return .notConnected
            case .connected: return nil
            case .blocked: return .blocked
            case .stopped: return .shutDown
            }
        }

        /// While the connection ends in an orderly way, what answers one of its own deliveries still gets out.
        func refusal(answeringDelivery: Bool) -> AMQPError.Code? {
            let isEnding = self.work.stop == .retiring || self.work.stop == .draining
            if isEnding, answeringDelivery, self.phase == .connected { return nil }
            return self.refusal
        }

        /// True when the caller has to wake the thread.
        mutating func needsWake() -> Bool {
            defer { self.isWaking = true }
            return !self.isWaking
        }
    }

    private let state = Mutex(State())
    private let origin = ContinuousClock.now
    private let failsFastWhenBlocked: Bool
    let wakeup = WakeupSignal()

    init(failsFastWhenBlocked: Bool) { self.failsFastWhenBlocked = failsFastWhenBlocked }

    /// Time since this object was made; all deadlines of the connection are counted like this.
    func now() -> Duration { self.origin.duration(to: .now) }

    // MARK: From any thread

    /// `nil` when the requests will be answered by the loop thread; otherwise nothing was taken.
    func submit(_ requests: [PublishRequest]) -> AMQPError? {
        let (refusal, wakes) = self.state.withLock { state -> (AMQPError.Code?, Bool) in
            if let refusal = state.refusal, refusal != .blocked || self.failsFastWhenBlocked { return (refusal, false) }
            state.work.publishes += requests
            return (nil, state.needsWake())
        }
        if wakes { self.wakeup.wake() }
        return refusal.map { AMQPError($0, operation: "basic.publish") }
    }

    func submit(_ request: PublishRequest) -> AMQPError? {
        let isAnswer = request.waiter.answeredDelivery != nil
        let (refusal, wakes) = self.state.withLock { state -> (AMQPError.Code?, Bool) in
            if let refusal = state.refusal(answeringDelivery: isAnswer),
                refusal != .blocked || self.failsFastWhenBlocked
            {
                return (refusal, false)
            }
            state.work.publishes.append(request)
            return (nil, state.needsWake())
        }
        if wakes { self.wakeup.wake() }
        return refusal.map { AMQPError($0, operation: "basic.publish") }
    }

    /// While there is no connection every delivery is stale, so nothing is kept.
    func submit(_ settlement: Settlement) {
        let wakes = self.state.withLock { state in
            guard state.phase == .connected || state.phase == .blocked else {
                state.staleSettlements += 1
                return false
            }
            state.work.settlements.append(settlement)
            return state.needsWake()
        }
        if wakes { self.wakeup.wake() }
    }

    func submit(_ settlements: [Settlement]) {
        let wakes = self.state.withLock { state in
            guard state.phase == .connected || state.phase == .blocked else {
                state.staleSettlements += settlements.count
                return false
            }
            state.work.settlements += settlements
            return state.needsWake()
        }
        if wakes { self.wakeup.wake() }
    }

    func submit(_ command: ConnectionCommand) {
        let (refusal, wakes) = self.state.withLock { state -> (AMQPError.Code?, Bool) in
            if let refusal = command.refusal(whenConnected: state.phase == .connected || state.phase == .blocked) {
                return (refusal, false)
            }
            if state.phase == .stopped { return (.shutDown, false) }
            if state.work.stop != nil, case .subscribe = command { return (.shutDown, false) }
            if state.phase == .idle, case .cancel(let id, _) = command {
                // Nobody would answer before the connection runs.
                state.work.commands.append(.close(id))
                return (.notConnected, false)
            }
            state.work.commands.append(command)
            return (nil, state.needsWake())
        }
        if wakes { self.wakeup.wake() }
        if let refusal { command.refuse(AMQPError(refusal, operation: command.operation)) }
    }

    func requestStop(_ stop: Stop) {
        self.state.withLock { state in
            // Only ever faster.
            if stop.rawValue > state.work.stop?.rawValue ?? -1 { state.work.stop = stop }
        }
        self.wakeup.wake()
    }

    func makeConsumerID() -> Int {
        self.state.withLock { state in
            state.nextConsumer += 1
            return state.nextConsumer
        }
    }

    var status: AMQPConnectionStatus {
        self.state.withLock { state in
            var statistics = state.statistics
            statistics.staleSettlements += state.staleSettlements
            return AMQPConnectionStatus(
                isConnected: state.phase == .connected || state.phase == .blocked,
                isBlocked: state.phase == .blocked, isStopped: state.phase == .stopped, lastError: state.lastError,
                statistics: statistics)
        }
    }

    /// True as soon as there is a connection; false when the time is up, the task cancelled or the connection stopped.
    func waitUntilConnected(timeout: Duration) async -> Bool {
        let id = self.state.withLock { state in
            state.waiters.reserve(
                answer: state.phase == .connected || state.phase == .blocked
                    ? true : state.phase == .stopped ? false : nil)
        }
        return await withTaskCancellationHandler {
            await withTaskGroup(of: Bool?.self) { group in
                group.addTask {
                    await withCheckedContinuation { continuation in
                        let answer = self.state.withLock { $0.waiters.register(id, continuation) }
                        if let answer { continuation.resume(returning: answer) }
                    }
                }
                group.addTask {
                    // A cancelled sleep means that the other child has its answer.
                    try? await Task.sleep(for: timeout)
                    self.answerWaiter(id, false)
                    return nil
                }
                var result = false
                for await answer in group {
                    if let answer {
                        result = answer
                        group.cancelAll()
                    }
                }
                return result
            }
        } onCancel: {
            self.answerWaiter(id, false)
        }
    }

    private func answerWaiter(_ id: Int, _ answer: Bool) {
        let continuation = self.state.withLock { $0.waiters.answer(id, answer) }
        continuation?.resume(returning: answer)
    }

    // MARK: From the service and the loop thread

    /// False when there was a run before: a connection object lives once.
    func start() -> Bool {
        self.state.withLock { state in
            defer { state.hasRun = true }
            if !state.hasRun { state.phase = .disconnected }
            return !state.hasRun
        }
    }

    func take() -> Work {
        self.state.withLock { state in
            state.isWaking = false
            // The request to stop stays, so that it is seen again after a reconnect.
            defer { state.work = Work(stop: state.work.stop) }
            return state.work
        }
    }

    func publish(_ statistics: AMQPStatistics) {
        self.state.withLock { $0.statistics = statistics }
    }

    func connected(_ statistics: AMQPStatistics) {
        let waiters = self.state.withLock { state in
            state.phase = .connected
            state.statistics = statistics
            state.lastError = nil
            return state.waiters.answerAll(true)
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    func setBlocked(_ isBlocked: Bool) {
        self.state.withLock { state in
            if state.phase == .connected || state.phase == .blocked { state.phase = isBlocked ? .blocked : .connected }
        }
    }

    /// From here on nothing but commands is taken in; what came before is handed over to be answered.
    func disconnected(_ error: AMQPError, _ statistics: AMQPStatistics) -> Work {
        self.state.withLock { state in
            state.phase = .disconnected
            state.lastError = error
            state.statistics = statistics
            state.staleSettlements += state.work.settlements.count
            state.work.settlements = []
            defer { state.work = Work(stop: state.work.stop) }
            return state.work
        }
    }

    func stopped(_ statistics: AMQPStatistics) -> Work {
        let (work, waiters) = self.state.withLock { state in
            state.phase = .stopped
            state.statistics = statistics
            state.staleSettlements += state.work.settlements.count
            state.work.settlements = []
            defer { state.work = Work(stop: state.work.stop) }
            return (state.work, state.waiters.answerAll(false))
        }
        for waiter in waiters { waiter.resume(returning: false) }
        return work
    }
}
