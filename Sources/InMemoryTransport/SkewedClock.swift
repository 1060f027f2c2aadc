package import Gateway
import Synchronization

/// A process's own clock: it shows another time than the others, runs as fast as they do, and may be set.
package final class SkewedClock: GatewayClock {
    private let base: any GatewayClock
    private let skew: Mutex<Duration>

    /// - Parameter skew: how far it is ahead of `base`; negative when it is behind.
    package init(_ base: any GatewayClock, ahead skew: Duration) {
        self.base = base
        self.skew = Mutex(skew)
    }

    package func now() -> Timestamp { self.base.now() + self.skew.withLock { $0 } }

    /// Sets it, as when the machine is told the time: who sleeps already goes on for as long as was meant.
    package func set(ahead skew: Duration) { self.skew.withLock { $0 = skew } }

    package func sleep(until moment: Timestamp) async throws {
        try await self.base.sleep(until: moment - self.skew.withLock { $0 })
    }
}
