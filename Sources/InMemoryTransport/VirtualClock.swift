package import Gateway
import Synchronization

/// A clock that stands still until it is moved: tests and simulations own the time.
package final class VirtualClock: GatewayClock {
    private struct Sleeper {
        let moment: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [UInt64: Sleeper] = [:]
        var next: UInt64 = 0
    }

    private let state: Mutex<State>

    package init(at start: Timestamp) {
        self.state = Mutex(State(now: start))
    }

    package func now() -> Timestamp { self.state.withLock { $0.now } }

    /// How many are asleep: that a task has reached its sleep can be waited for.
    package var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

    /// When the next sleeper wakes: where a simulation moves the time to when nothing else is left to do.
    package var nextWakeUp: Timestamp? { self.state.withLock { $0.sleepers.values.map(\.moment).min() } }

    package func sleep(until moment: Timestamp) async throws {
        let id = self.state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = self.state.withLock { state in
                    // Asked inside the lock: a cancellation before this point found no sleeper to wake.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if moment <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(moment: moment, continuation: continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = self.state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the time and wakes whoever is due, the earliest first; never backwards.
    package func advance(to moment: Timestamp) {
        let due = self.state.withLock { state in
            state.now = max(state.now, moment)
            let ids = state.sleepers.filter { $0.value.moment <= state.now }
                .sorted { ($0.value.moment, $0.key) < ($1.value.moment, $1.key) }.map(\.key)
            return ids.compactMap { state.sleepers.removeValue(forKey: $0) }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    package func advance(by duration: Duration) { self.advance(to: self.now() + duration) }
}
