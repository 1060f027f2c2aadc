/// When one base service is no longer asked, because it does not answer anyway.
package struct BreakerConfiguration: Sendable, Equatable {
    /// Failures within the window that open it: fewer say little.
    package var failures = 10
    /// And what part of the questions in the window they are at least, in hundredths.
    package var share = 50
    /// How far back questions count: several times as long as an answer may take.
    package var window: Duration = .seconds(30)
    /// How long nobody is asked once it is open: a restart of a base service takes some seconds.
    package var openFor: Duration = .seconds(5)
    /// Questions that are let through then, and that must all be answered before everybody is asked again.
    package var probes = 2
    /// A base service that had less time than this cannot be blamed for not answering.
    package var patience: Duration = .seconds(1)

    package init() {}
}

/// Whether one base service is asked: closed, open, or half-open with a few questions as probes.
///
/// Pure: time is a parameter. Whoever may ask gets a ticket and must give it back with how it went; tickets from before the
/// last change say nothing about now and are passed over.
package struct CircuitBreaker: Sendable {
    /// The closed set of states, as metrics and log name them.
    package enum State: String, CaseIterable, Sendable {
        case closed
        case halfOpen = "half-open"
        case open
    }

    /// How a question went, as far as the base service is concerned.
    package enum Result: CaseIterable, Sendable {
        /// It answered, be it that it said no.
        case answered
        /// Not reached, connection lost, no answer in time, or a server's own failure (5xx).
        case failed
        /// Nothing can be said: given up before there was time.
        case undecided
    }

    package struct Ticket: Hashable, Sendable {
        fileprivate let period: Int
    }

    private enum Phase {
        case closed
        case open(until: ContinuousClock.Instant)
        case halfOpen(running: Int, answered: Int)
    }

    private let configuration: BreakerConfiguration
    private var phase = Phase.closed
    /// Counts changes, so that tickets of an earlier state are recognised.
    private var period = 0
    private var window: SlidingWindow

    package init(_ configuration: BreakerConfiguration) {
        self.configuration = configuration
        self.window = SlidingWindow(configuration.window)
    }

    package var state: State {
        switch self.phase {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }

    /// A ticket, or nil when the question is to be held back.
    package mutating func ask(at now: ContinuousClock.Instant) -> Ticket? {
        switch self.phase {
        case .closed:
            break
        case .open(let until):
            guard now >= until else { return nil }
            self.change(to: .halfOpen(running: 1, answered: 0))
        case .halfOpen(let running, let answered):
            guard running + answered < self.configuration.probes else { return nil }
            self.phase = .halfOpen(running: running + 1, answered: answered)
        }
        return Ticket(period: self.period)
    }

    package mutating func ended(_ ticket: Ticket, _ result: Result, at now: ContinuousClock.Instant) {
        guard ticket.period == self.period else { return }
        switch (self.phase, result) {
        case (.closed, .undecided), (.open, _):
            break
        case (.closed, .answered):
            self.window.add(failed: false, at: now)
        case (.closed, .failed):
            self.window.add(failed: true, at: now)
            let (failed, all) = self.window.counts(at: now)
            if failed >= self.configuration.failures, failed * 100 >= all * self.configuration.share {
                self.open(at: now)
            }
        case (.halfOpen(let running, let answered), .undecided):
            self.phase = .halfOpen(running: running - 1, answered: answered)
        case (.halfOpen, .failed):
            self.open(at: now)
        case (.halfOpen(let running, let answered), .answered):
            if answered + 1 >= self.configuration.probes {
                self.window = SlidingWindow(self.configuration.window)
                self.change(to: .closed)
            } else {
                self.phase = .halfOpen(running: running - 1, answered: answered + 1)
            }
        }
    }

    private mutating func open(at now: ContinuousClock.Instant) {
        self.change(to: .open(until: now + self.configuration.openFor))
    }

    private mutating func change(to phase: Phase) {
        self.phase = phase
        self.period += 1
    }
}
