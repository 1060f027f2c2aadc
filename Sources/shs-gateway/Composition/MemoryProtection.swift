import CErasure
import Foundation
import Logging
import Observability

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
