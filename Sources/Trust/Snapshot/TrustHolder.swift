internal import Synchronization

/// The trust that is in force in this process: one snapshot at a time, swapped as a whole.
///
/// Whoever decides about something takes one snapshot and uses it to the end.
package final class TrustHolder: Sendable {
    /// One snapshot in force.
    private final class Period: Sendable {
        let generation: Int
        let snapshot: TrustSnapshot

        init(generation: Int, snapshot: TrustSnapshot) {
            self.generation = generation
            self.snapshot = snapshot
        }
    }

    private struct Shared {
        var period: Period
        var listeners: [Int: AsyncStream<Int>.Continuation] = [:]
        var listenerNumber = 0
    }

    private let shared: Mutex<Shared>

    package init(_ snapshot: TrustSnapshot) {
        self.shared = Mutex(Shared(period: Period(generation: 1, snapshot: snapshot)))
    }

    /// How many snapshots this process has had in force, and the one that is: both of the same moment.
    package var state: (generation: Int, snapshot: TrustSnapshot) {
        let period = self.shared.withLock { $0.period }
        return (period.generation, period.snapshot)
    }

    package var generation: Int { self.shared.withLock { $0.period.generation } }

    package var current: TrustSnapshot { self.shared.withLock { $0.period }.snapshot }

    /// Puts a snapshot in force; requests that have taken the old one end with it.
    ///
    /// The same snapshot may be put in force again, when time has made another of its credentials the one to use.
    ///
    /// - Parameter quietly: The generation stays, and nobody is told: for one that only renews what it knows about
    ///   revocation, so that connections, their sessions and their TLS contexts go on.
    @discardableResult
    package func swap(_ snapshot: TrustSnapshot, quietly: Bool = false) -> Int {
        let (generation, listeners) = self.shared.withLock { shared in
            let next = Period(generation: shared.period.generation + (quietly ? 0 : 1), snapshot: snapshot)
            shared.period = next
            return (next.generation, quietly ? [] : Array(shared.listeners.values))
        }
        for listener in listeners { listener.yield(generation) }
        return generation
    }

    /// The generations that come from now on; one that reads slowly sees the latest only.
    package func changes() -> AsyncStream<Int> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let number = self.shared.withLock { shared in
            shared.listenerNumber += 1
            shared.listeners[shared.listenerNumber] = continuation
            return shared.listenerNumber
        }
        continuation.onTermination = { [weak self] _ in
            self?.shared.withLock { $0.listeners[number] = nil }
        }
        return stream
    }
}
