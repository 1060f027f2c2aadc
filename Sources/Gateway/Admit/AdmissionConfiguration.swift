/// What may be in flight in one ingress, and how it is shared.
package struct AdmissionConfiguration: Sendable, Equatable {
    /// For every party that has no values of its own.
    package var party = PartyLimit()
    /// Questions of all parties that may wait for their answers together.
    ///
    /// Requests are bounded before they are read (``HTTPIngress``); this counts what they ask for, and is a quarter of what
    /// a provider's queue takes, so that four ingresses are told 429 here before the broker refuses.
    package var questionsInFlight = 5_000
    /// How much of every bound automated work may fill, in hundredths; the rest is always there for people.
    package var automatedShare = 25

    package init() {}

    /// Questions that a lane may have in flight.
    func questionsInFlight(of lane: WorkLane) -> Int {
        switch lane {
        case .caseworker: self.questionsInFlight
        case .automated: max(1, self.questionsInFlight * self.automatedShare / 100)
        }
    }
}
