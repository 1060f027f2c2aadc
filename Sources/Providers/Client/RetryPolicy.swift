/// When a question is put again.
///
/// All questions are reads, so asking twice changes nothing but the load.
package struct RetryConfiguration: Sendable, Equatable {
    /// Attempts at one question in all; 1 is no retry.
    ///
    /// A second one heals what a restart or a lost connection broke, a
    /// third mostly adds load to a base service in trouble.
    package var attempts = 2
    /// The pause before the second attempt, doubled for each further one, with a jitter of half of it either way, so that
    /// those who failed together do not come back together.
    package var pause: Duration = .milliseconds(100)
    /// An attempt with less time than this would most likely be in vain.
    package var minimumTime: Duration = .milliseconds(500)

    package init() {}
}

/// The decision about another attempt.
///
/// Pure: time and chance are parameters.
struct RetryPolicy: Sendable {
    /// What an attempt came to, as far as another one is concerned.
    enum Cause: CaseIterable, Sendable {
        /// A kept connection that the other side closed while it lay idle, mostly: asked again at once.
        case closedConnection
        /// No connection could be made.
        case unreachable
        /// The server, or one in front of it, says that it cannot answer now: 502, 503 or 504.
        case unavailable
        /// An answer, a refusal (4xx), garbage, a server that is not trusted, or the end of the time: not again.
        case final
    }

    private let configuration: RetryConfiguration

    init(_ configuration: RetryConfiguration) { self.configuration = configuration }

    /// How long to wait before the next attempt; nil when there is none.
    ///
    /// - Parameters:
    ///   - attempt: the one that has ended, from 1.
    ///   - draw: from 0 to 1, by chance.
    func pause(after attempt: Int, _ cause: Cause, remaining: Duration, draw: Double) -> Duration? {
        guard attempt < self.configuration.attempts else { return nil }
        let pause: Duration
        switch cause {
        case .final: return nil
        case .closedConnection where attempt == 1: pause = .zero
        case .closedConnection, .unreachable, .unavailable:
            pause = self.configuration.pause * (Double(1 << min(attempt - 1, 10)) * (0.5 + draw))
        }
        return remaining - pause >= self.configuration.minimumTime ? pause : nil
    }
}
