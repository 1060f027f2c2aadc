import CErasure
import Foundation
import Logging
import Observability
import ServiceLifecycle

/// Keeps what was said out of released memory, core dumps, other processes' sight, and swap.
enum MemoryProtection {
    /// Once, before anything is received.
    static func apply(_ configuration: MemoryConfiguration) {
        CErasure_overwriteReleased(configuration.overwritesReleased)
        if configuration.forbidsInspection, !CErasure_forbidInspection() {
            Logger.gateway.warning("Core dumps and inspection of this process could not be forbidden")
        }
        // Where nothing can be swapped, nothing is said.
        if configuration.locks, !CErasure_lockMemory(), Self.hasSwap {
            Logger.gateway.warning(
                "Memory may be swapped: the machine has swap, and the limit for locked memory is not infinite")
        }
    }

    /// The file has a line of headings.
    private static var hasSwap: Bool {
        let swaps = FileManager.default.contents(atPath: "/proc/swaps") ?? Data()
        return String(decoding: swaps, as: UTF8.self).split(separator: "\n").count > 1
    }
}

/// Overwrites what calls have left on the stacks of Swift's threads: an identity number is short enough to lie there, in no block of
/// the heap that is ever released.
///
/// A thread that works overwrites its stack by itself; so this is for the time after, and needs no more than a second's tick.
struct StackErasure: Service {
    private static let tick = Duration.seconds(1)

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await withDiscardingTaskGroup { group in
                // More than there are threads, at once, so that each of them gets one before long.
                for _ in 0..<(4 * ProcessInfo.processInfo.activeProcessorCount) {
                    group.addTask { CErasure_overwriteStack() }
                }
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.tick) }
        }
    }
}
