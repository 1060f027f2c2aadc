import Foundation
import Synchronization

/// Many worlds, several at a time, until all have been or one fails.
package final class SimulationRun: Sendable {
    package struct Result: Sendable {
        /// Worlds that came to their end.
        package var seeds = 0
        package var figures = SimulationFigures()
        package var themes: [String: Int] = [:]
        /// The failed ones, by seed.
        package var failures: [Simulation.Outcome] = []
    }

    private struct State {
        var next: UInt64
        var result = Result()
    }

    private let end: UInt64
    private let parts: SimulationParts
    private let maximumFailures: Int
    private let state: Mutex<State>

    /// - Parameter maximumFailures: after so many failures the rest is left out.
    package init(
        seeds: Range<UInt64>, parts: SimulationParts = SimulationParts(), maximumFailures: Int = 1
    ) {
        self.end = seeds.upperBound
        self.parts = parts
        self.maximumFailures = maximumFailures
        self.state = Mutex(State(next: seeds.lowerBound))
    }

    /// What there is so far.
    package var result: Result {
        self.state.withLock { state in
            var result = state.result
            result.failures.sort { $0.seed < $1.seed }
            return result
        }
    }

    /// Runs all of them on so many threads of their own, and returns when they have ended.
    package func perform(jobs: Int) async -> Result {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs {
                group.addTask { await withCheckedContinuation { self.startThread(resuming: $0) } }
            }
        }
        return self.result
    }

    /// Not a task: a world runs other tasks' jobs by itself, which a thread of Swift's own must not do inside of one.
    private func startThread(resuming continuation: CheckedContinuation<Void, Never>) {
        let thread = Thread {
            while let seed = self.takeSeed() { self.add(Simulation.run(seed: seed, parts: self.parts)) }
            continuation.resume()
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func takeSeed() -> UInt64? {
        self.state.withLock { state in
            guard state.next < self.end, state.result.failures.count < self.maximumFailures else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func add(_ outcome: Simulation.Outcome) {
        self.state.withLock { state in
            state.result.seeds += 1
            state.result.figures += outcome.figures
            state.result.themes[outcome.theme.rawValue, default: 0] += 1
            if outcome.violation != nil { state.result.failures.append(outcome) }
        }
    }
}
