import CErasure
import Foundation
import ServiceLifecycle
import Synchronization

/// Overwrites what calls have left on the stacks of Swift's threads: an identity number is short enough to lie there, in no block of
/// the heap that is ever released.
///
/// A thread that works overwrites its stack by itself; so this is for the time after.
struct StackErasure: Service {
    /// The most that a thread waits for the others.
    ///
    /// No setting: idle ones come in a hundredth of it, and busy ones take their part next; where the machine has no time for
    /// them it bounds what a question may lose by it.
    private static let patience = Duration.milliseconds(20)
    /// Several times within the promised time, should the machine have had no time for a thread.
    private let tick: Duration

    init(within limit: Duration) { self.tick = limit / 4 }

    func run() async throws {
        let threads = ProcessInfo.processInfo.activeProcessorCount
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let arrivals = Arrivals()
            await withDiscardingTaskGroup { group in
                for _ in 0..<threads { group.addTask { Self.overwrite(arrivals, until: threads) } }
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: self.tick) }
        }
    }

    /// Holds its thread until all have come: else the first to wake would do the others' part on its own stack.
    private static func overwrite(_ arrivals: Arrivals, until threads: Int) {
        CErasure_overwriteStack()
        arrivals.count.add(1, ordering: .relaxed)
        let limit = ContinuousClock.now + Self.patience
        while arrivals.count.load(ordering: .relaxed) < threads, ContinuousClock.now < limit { usleep(50) }
    }

    private final class Arrivals: Sendable {
        let count = Atomic(0)
    }
}
