import Synchronization

/// Lets a provider's items through as ``LaneState`` decides: the shell of it.
package final class LaneGate: Sendable {
    private struct State {
        var lanes: LaneState
        var waiters: [WorkLane: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state: Mutex<State>

    package init(slots: Int, automatedShare: Int) {
        self.state = Mutex(State(lanes: LaneState(slots: slots, automatedShare: automatedShare)))
    }

    /// Returns when an item of this lane may start; in the order of arrival within the lane.
    ///
    /// Also in a cancelled task: every item that runs has its own end.
    package func enter(_ lane: WorkLane) async {
        await withCheckedContinuation { continuation in
            let starts = self.state.withLock { state in
                guard !state.lanes.arrived(lane) else { return true }
                state.waiters[lane, default: []].append(continuation)
                return false
            }
            if starts { continuation.resume() }
        }
    }

    package func leave(_ lane: WorkLane) {
        let next: CheckedContinuation<Void, Never>? = self.state.withLock { state in
            guard let next = state.lanes.ended(lane) else { return nil }
            return state.waiters[next]?.removeFirst()
        }
        next?.resume()
    }
}
