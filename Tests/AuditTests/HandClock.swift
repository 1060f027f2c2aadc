import Gateway
import Synchronization

/// A clock that a test moves by hand.
final class HandClock: GatewayClock {
    private let moment: Mutex<Timestamp>

    init(at start: Timestamp) { self.moment = Mutex(start) }

    func now() -> Timestamp { self.moment.withLock { $0 } }

    func advance(by duration: Duration) { self.moment.withLock { $0 = $0 + duration } }

    /// Time passes only by hand, so a sleep is over at once.
    func sleep(until moment: Timestamp) async throws { try Task.checkCancellation() }
}
