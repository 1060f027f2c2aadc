import Logging
import Metrics
import Observability
package import SHS
import Synchronization

/// Lets requests in as long as their party and the whole gateway have room: the shell of ``AdmissionState``.
package final class Admission: Sendable {
    private let state: Mutex<AdmissionState>
    private let clock: any GatewayClock

    package init(_ configuration: AdmissionConfiguration, deadlines: DeadlineConfiguration, clock: any GatewayClock) {
        self.state = Mutex(AdmissionState(configuration, period: deadlines.waitBudget(persons: 1)))
        self.clock = clock
    }

    /// What the first decision says.
    package enum Entry: Sendable {
        case entered(AdmissionPermit)
        /// Nil where nothing better is known than what is configured.
        case refused(retryAfter: Duration?)
    }

    /// The first decision, before anything of a request is read.
    ///
    /// - Parameter parties: those that may be sent for with the client's certificate.
    package func enter(_ parties: [Party]) -> Entry {
        let now = self.clock.now()
        switch self.state.withLock({ $0.enter(parties, at: now) }) {
        case .entered(let holding): return .entered(AdmissionPermit(holding, self))
        case .refused(let time):
            self.report(at: now)
            return .refused(retryAfter: time)
        }
    }

    fileprivate func identify(
        _ holding: inout AdmissionState.Holding, as request: AcceptedRequest
    ) -> PartyLimits.Decision {
        let now = self.clock.now()
        let decision = self.state.withLock {
            $0.identify(
                &holding, as: request.party, lane: request.lane, questions: request.questions.count, at: now)
        }
        if case .refused = decision { self.report(at: now) }
        self.measure(request.lane)
        return decision
    }

    fileprivate func replyCame(_ holding: AdmissionState.Holding, _ arrival: AdmissionPermit.Arrival) {
        let now = self.clock.now()
        let lowered: Int? = self.state.withLock { state in
            switch arrival {
            case .inTime: state.cameInTime(holding, at: now)
            case .late: if state.cameLate(at: now) { return state.questionBound }
            }
            return nil
        }
        guard let lowered else { return }
        Logger.gateway.warning(
            "Replies come too late: fewer questions are let in", metadata: [LogKeys.count: .stringConvertible(lowered)])
    }

    fileprivate func end(_ holding: AdmissionState.Holding) {
        self.state.withLock { $0.end(holding) }
        if holding.questions > 0 { self.measure(holding.lane) }
    }

    private func measure(_ lane: WorkLane) {
        let count = self.state.withLock { $0.questionsInFlight(lane) }
        Gauge(label: MetricNames.questionsInFlight, dimensions: [(MetricNames.Dimension.lane, lane.rawValue)])
            .record(count)
    }

    /// An operator should hear of a party that is held back, and not for each of its requests.
    private func report(at now: Timestamp) {
        for (party, count) in self.state.withLock({ $0.report(at: now) }) {
            Logger.gateway.warning(
                "A party is held back: it asks more than its limit",
                metadata: [
                    LogKeys.party: .string(party.isEmpty ? "unregistered" : party),
                    LogKeys.count: .stringConvertible(count),
                ])
        }
    }
}

/// One request's right to be in flight; given back in `deinit`, by whoever drops it last.
package final class AdmissionPermit: Sendable {
    private struct State {
        var holding: AdmissionState.Holding
        var retryAfter: Duration?
    }

    private let admission: Admission
    private let state: Mutex<State>

    fileprivate init(_ holding: AdmissionState.Holding, _ admission: Admission) {
        self.admission = admission
        self.state = Mutex(State(holding: holding))
    }

    /// The second decision: by the party that asks, and by what it asks for.
    package func identify(as request: AcceptedRequest) throws(Fault) {
        let isAdmitted = self.state.withLock { state in
            switch self.admission.identify(&state.holding, as: request) {
            case .admitted: return true
            case .refused(let time):
                state.retryAfter = time
                return false
            }
        }
        if !isAdmitted { throw .tooManyRequests }
    }

    /// When the reply to an accepted request came; late too if it did not come at all.
    package enum Arrival: Sendable { case inTime, late }

    /// Teaches ``AdaptiveBound`` what can be answered in time.
    package func replyCame(_ arrival: Arrival) { self.admission.replyCame(self.state.withLock { $0.holding }, arrival) }

    /// When a refused request may come again, if that is known.
    package var retryAfter: Duration? { self.state.withLock { $0.retryAfter } }

    deinit { self.admission.end(self.state.withLock { $0.holding }) }
}
