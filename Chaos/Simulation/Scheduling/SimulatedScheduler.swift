import Gateway
import GatewayFixtures
import InMemoryTransport
import Synchronization

/// Decides what happens next: one job of one process, one arrival, or one event of the plan; else the time moves on.
///
/// All tasks of all processes run on the thread that calls ``step()``, one job at a time, in an order that the seed
/// decides: every `await` of the real code is a place where anything else may come between.
final class SimulatedScheduler: Sendable {
    enum Step { case happened, timePassed, nothingLeft }

    private enum Choice {
        case job(UnownedJob, SimulatedExecutor)
        case action(@Sendable () -> Void)
        case time(Timestamp)
        case nothing
    }

    private struct Job {
        let job: UnownedJob
        let executor: SimulatedExecutor
    }

    private struct Event {
        let moment: Timestamp
        let action: @Sendable () -> Void
    }

    private struct State {
        var generator: SeededGenerator
        var jobs: [Job] = []
        /// What paused processes would do.
        var parked: [Job] = []
        var paused: Set<String> = []
        var lanes: [NetworkLane] = []
        /// In the order of their time; events of the same time in the order in which they were planned.
        var plan: [Event] = []

        /// Nothing reaches a paused process; what it has sent is on its way.
        func isOpen(_ lane: Int) -> Bool {
            let key = self.lanes[lane].key
            return key.way == .toBroker || !self.paused.contains(key.link.process)
        }
    }

    let clock: VirtualClock
    let trace: Trace
    private let state: Mutex<State>

    init(seed: UInt64, clock: VirtualClock, trace: Trace) {
        self.clock = clock
        self.trace = trace
        self.state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    // MARK: What is there to do

    func enqueue(_ job: UnownedJob, of executor: SimulatedExecutor) {
        self.state.withLock { state in
            if state.paused.contains(executor.process) {
                state.parked.append(Job(job: job, executor: executor))
            } else {
                state.jobs.append(Job(job: job, executor: executor))
            }
        }
    }

    func plan(after delay: Duration, _ action: @escaping @Sendable () -> Void) {
        let event = Event(moment: self.clock.now() + delay, action: action)
        self.state.withLock { state in
            let index = state.plan.lastIndex { $0.moment <= event.moment }.map { $0 + 1 } ?? 0
            state.plan.insert(event, at: index)
        }
    }

    /// As with SIGSTOP: nothing of it runs and nothing reaches it.
    func pause(_ process: String) { self.state.withLock { _ = $0.paused.insert(process) } }

    func resume(_ process: String) {
        self.state.withLock { state in
            state.paused.remove(process)
            state.jobs += state.parked.filter { $0.executor.process == process }
            state.parked.removeAll { $0.executor.process == process }
        }
    }

    var hasPlans: Bool { self.state.withLock { !$0.plan.isEmpty } }
    /// Whether anybody has something to do now, or something is on its way.
    var isBusy: Bool {
        self.state.withLock { state in
            !state.jobs.isEmpty || !state.parked.isEmpty || state.lanes.contains { !$0.isEmpty }
        }
    }

    // MARK: The network's lanes

    func carry(_ action: @escaping @Sendable () -> Void, on key: NetworkLane.Key, after delay: Duration) {
        let moment = self.clock.now() + delay
        self.state.withLock { state in
            if let index = state.lanes.firstIndex(where: { $0.key == key }) {
                state.lanes[index].append(action, at: moment)
            } else {
                var lane = NetworkLane(key: key)
                lane.append(action, at: moment)
                state.lanes.append(lane)
            }
        }
    }

    /// Drops what is on its way to the process and a part, drawn, of what is on its way from it.
    func sever(_ link: InMemoryLink) {
        self.state.withLock { state in
            state.lanes.removeAll { $0.key == .init(link: link, way: .fromBroker) }
            guard let index = state.lanes.firstIndex(where: { $0.key == .init(link: link, way: .toBroker) }) else {
                return
            }
            let kept = Int.random(in: 0...state.lanes[index].count, using: &state.generator)
            state.lanes[index].keepFirst(kept)
        }
    }

    // MARK: Steps

    func step() -> Step {
        let now = self.clock.now()
        let wakeUp = self.clock.nextWakeUp
        switch self.state.withLock({ Self.choose(&$0, at: now, wakeUp: wakeUp, self.trace) }) {
        case .job(let job, let executor):
            unsafe job.runSynchronously(on: executor.asUnownedTaskExecutor())
            return .happened
        case .action(let action):
            action()
            return .happened
        case .time(let moment):
            self.clock.advance(to: moment)
            return .timePassed
        case .nothing: return .nothingLeft
        }
    }

    private static func choose(
        _ state: inout State, at now: Timestamp, wakeUp: Timestamp?, _ trace: Trace
    ) -> Choice {
        if let event = state.plan.first, event.moment <= now {
            state.plan.removeFirst()
            trace.note(1, UInt64(bitPattern: now.milliseconds))
            return .action(event.action)
        }
        let lanes = state.lanes.indices.filter { state.isOpen($0) && (state.lanes[$0].next.map { $0 <= now } ?? false) }
        let count = state.jobs.count + lanes.count
        if count > 0 {
            let index = Int.random(in: 0..<count, using: &state.generator)
            if index < state.jobs.count {
                let job = state.jobs.remove(at: index)
                trace.note(2, job.executor.number)
                return .job(job.job, job.executor)
            }
            let lane = lanes[index - state.jobs.count]
            trace.note(3, state.lanes[lane].key.link.number)
            defer { if state.lanes[lane].isEmpty { state.lanes.remove(at: lane) } }
            return state.lanes[lane].removeFirst().map { .action($0) } ?? .nothing
        }
        let moments = state.lanes.indices.filter { state.isOpen($0) }.compactMap { state.lanes[$0].next }
        let next = (moments + [state.plan.first?.moment, wakeUp].compactMap(\.self)).min()
        guard let next else { return .nothing }
        trace.note(4, UInt64(bitPattern: next.milliseconds))
        return .time(next)
    }
}
