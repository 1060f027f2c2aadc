import Synchronization

/// What became of every request.
final class Tally: Sendable {
    enum Outcome: Sendable, Equatable {
        case complete
        case partial([String])
        /// An explicit fault: HTTP status and error code.
        case refused(String)
        /// Neither a reply nor a fault.
        case lost(String)
        case duplicated(String)
        case wrong(String)
    }

    struct Entry: Sendable {
        /// Since the start of the load.
        let sent: Duration
        let ended: Duration
        /// Of the last attempt alone: what the ingress that answered needed.
        let wait: Duration
        /// How many times the same message was sent again, since its ingress was gone.
        let repeats: Int
        let outcome: Outcome
    }

    private let entries = Mutex<[Entry]>([])
    private let open = Mutex(0)
    let start = ContinuousClock.now
    private let slept = Mutex(Duration.zero)

    /// How long this process has been late in all: on a busy machine it may not run for seconds.
    var lag: Duration { self.slept.withLock { $0 } }

    /// Measures it, until it is cancelled.
    func watchLag() async {
        let pause = Duration.milliseconds(50)
        while !Task.isCancelled {
            let due = ContinuousClock.now + pause
            try? await Task.sleep(for: pause)
            let late = ContinuousClock.now - due
            if late > pause { self.slept.withLock { $0 += late } }
        }
    }

    var now: Duration { ContinuousClock.now - self.start }

    func began() { self.open.withLock { $0 += 1 } }

    func ended(_ entry: Entry) {
        self.open.withLock { $0 -= 1 }
        self.entries.withLock { $0.append(entry) }
    }

    var inFlight: Int { self.open.withLock { $0 } }

    var all: [Entry] { self.entries.withLock { $0 } }

    /// Requests sent at or after a moment, in the order of their end.
    func since(_ moment: Duration) -> [Entry] { self.entries.withLock { $0.filter { $0.sent >= moment } } }
}
