/// Who may go on: the limits of each party, and the bound on what all of them have in flight.
///
/// Decided twice. First by the transport certificate, before a body is read or a signature checked, so that an overload
/// costs next to nothing: where the certificate belongs to one party, its right is taken there and then. A supplier sends
/// for several; it is stopped only when none of them may ask. The second decision, by the party that the label names, is exact.
///
/// Pure: time is a parameter.
struct AdmissionState: Sendable {
    /// What one request holds, and gives back when it ends.
    struct Holding: Hashable, Sendable {
        /// The party whose place it has.
        var party: String?
        /// The lane that its questions are in, once they are counted.
        var lane: WorkLane = .caseworker
        var questions = 0
    }

    enum Entry: Hashable, Sendable {
        case entered(Holding)
        case refused(retryAfter: Duration?)
    }

    /// Under what a client is counted that may send for nobody: all of them share one limit.
    static let nobody = ""

    private let configuration: AdmissionConfiguration
    private var limits = PartyLimits()
    private var questions: [WorkLane: Int] = [:]
    private var bound: AdaptiveBound
    private var lastReport: Timestamp?
    /// How often refusals are reported at most.
    private static let reportEvery: Duration = .seconds(60)

    /// - Parameter period: how long a question may be in flight.
    init(_ configuration: AdmissionConfiguration, period: Duration) {
        self.configuration = configuration
        self.bound = AdaptiveBound(
            least: configuration.leastQuestionsInFlight, most: configuration.questionsInFlight, period: period)
    }

    /// Questions in flight.
    func questionsInFlight(_ lane: WorkLane) -> Int { self.questions[lane] ?? 0 }
    var questionsInFlight: Int { self.questions.values.reduce(0, +) }
    /// How many may be, now.
    var questionBound: Int { self.bound.value }
    var partyCount: Int { self.limits.count }
    func requests(of party: String) -> Int { self.limits.requests(of: party) }

    /// A request begins to arrive from a client that may send for these parties.
    mutating func enter(_ parties: [Party], at now: Timestamp) -> Entry {
        guard self.questionsInFlight < self.bound.value else { return .refused(retryAfter: nil) }
        guard parties.count > 1 else {
            let party = parties.first
            let name = party?.organisation ?? Self.nobody
            switch self.limits.admit(name, self.limit(of: party), at: now) {
            case .admitted: return .entered(Holding(party: name))
            case .refused(let time): return .refused(retryAfter: time)
            }
        }
        var soonest: Duration?
        for party in parties {
            switch self.limits.decision(about: party.organisation, self.limit(of: party), at: now) {
            case .admitted: return .entered(Holding())
            case .refused(let time): if let time { soonest = min(soonest ?? time, time) }
            }
        }
        return .refused(retryAfter: soonest)
    }

    /// The label has been read: the request is this party's, about so many persons.
    mutating func identify(
        _ holding: inout Holding, as party: Party, lane: WorkLane, questions: Int, at now: Timestamp
    ) -> PartyLimits.Decision {
        if holding.party != party.organisation {
            self.giveBack(&holding)
            switch self.limits.admit(party.organisation, self.limit(of: party), at: now) {
            case .admitted: holding.party = party.organisation
            case .refused(let time): return .refused(retryAfter: time)
            }
        }
        guard self.questionsInFlight + questions <= self.bound.value,
            self.questionsInFlight(lane) + questions <= self.configuration.share(of: lane, in: self.bound.value)
        else {
            self.giveBack(&holding)
            return .refused(retryAfter: nil)
        }
        self.limits.charge(questions - 1, to: party.organisation)
        self.questions[lane, default: 0] += questions
        (holding.lane, holding.questions) = (lane, questions)
        return .admitted
    }

    /// The reply to a request was there in time.
    mutating func cameInTime(_ holding: Holding, at now: Timestamp) {
        self.bound.cameInTime(holding.questions, inFlight: self.questionsInFlight, at: now)
    }

    /// It was not, or nothing was in it; whether fewer may be in flight now.
    mutating func cameLate(at now: Timestamp) -> Bool {
        self.bound.cameLate(inFlight: self.questionsInFlight, at: now)
    }

    /// The request has its answer, or has gone.
    mutating func end(_ holding: Holding) {
        if let party = holding.party { self.limits.end(party) }
        if holding.questions > 0 { self.questions[holding.lane, default: 0] -= holding.questions }
    }

    /// Which parties were refused, and how often, since the last report; empty until it is time for the next.
    mutating func report(at now: Timestamp) -> [String: Int] {
        if let last = self.lastReport, now.since(last) < Self.reportEvery, now >= last { return [:] }
        let refusals = self.limits.takeRefusals()
        if !refusals.isEmpty { self.lastReport = now }
        return refusals
    }

    private mutating func giveBack(_ holding: inout Holding) {
        guard let party = holding.party else { return }
        self.limits.giveBack(1, to: party)
        self.limits.end(party)
        holding.party = nil
    }

    private func limit(of party: Party?) -> PartyLimit { self.configuration.party.changed(by: party?.limits) }
}
