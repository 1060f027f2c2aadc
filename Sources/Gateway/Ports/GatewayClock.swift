import FoundationEssentials

/// Time as the stages need it; a parameter everywhere, so that tests and simulations own it.
package protocol GatewayClock: Sendable {
    func now() -> Timestamp
    /// Returns at `moment` or throws `CancellationError`.
    func sleep(until moment: Timestamp) async throws
}

/// The system's clock.
package struct SystemClock: GatewayClock {
    package init() {}

    package func now() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    package func sleep(until moment: Timestamp) async throws {
        let wait = moment.since(self.now())
        if wait > .zero { try await Task.sleep(for: wait) }
    }
}
