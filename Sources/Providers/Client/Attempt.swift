internal import SSBTEK

/// What became of one attempt: what the asker would be told, and what breaker and retries make of it.
struct Attempt {
    let outcome: SectionOutcome
    let result: CircuitBreaker.Result
    let cause: RetryPolicy.Cause

    /// An answer came, whatever it says.
    init(_ response: BaseServiceResponse, _ outcome: SectionOutcome) {
        self.outcome = outcome
        // A server's failure, unless the base service explains itself: a SOAP fault has status 500, and is a no.
        self.result = (500..<600).contains(response.status) && outcome.isBareStatus ? .failed : .answered
        self.cause = [502, 503, 504].contains(response.status) ? .unavailable : .final
    }

    /// No answer came.
    ///
    /// - Parameter granted: the time that the base service had.
    init(_ error: any Error, hasBegun: Bool, granted: Duration, patience: Duration) {
        let failure = BaseServiceFailure(error)
        self.outcome = .error(.gateway(failure.code))
        switch failure {
        case .cancelled: (self.result, self.cause) = (.undecided, .final)
        case .timedOut: (self.result, self.cause) = (granted >= patience ? .failed : .undecided, .final)
        case .garbage: (self.result, self.cause) = (.answered, .final)
        case .closedConnection: (self.result, self.cause) = (.failed, hasBegun ? .final : .closedConnection)
        case .untrusted: (self.result, self.cause) = (.failed, .final)
        case .unreachable: (self.result, self.cause) = (.failed, .unreachable)
        }
    }
}

extension SectionOutcome {
    /// Whether nothing is known but the HTTP status.
    fileprivate var isBareStatus: Bool {
        if case .error(let error) = self { error.source == .bt && error.code.hasPrefix("HTTP-") } else { false }
    }
}
