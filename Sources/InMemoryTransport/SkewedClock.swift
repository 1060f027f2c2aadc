package import Gateway

/// A process's own clock: it shows another time than the others, and runs as fast as they do.
package struct SkewedClock: GatewayClock {
    private let base: any GatewayClock
    private let skew: Duration

    /// - Parameter skew: how far it is ahead of `base`; negative when it is behind.
    package init(_ base: any GatewayClock, ahead skew: Duration) {
        self.base = base
        self.skew = skew
    }

    package func now() -> Timestamp { self.base.now() + self.skew }

    package func sleep(until moment: Timestamp) async throws { try await self.base.sleep(until: moment - self.skew) }
}
