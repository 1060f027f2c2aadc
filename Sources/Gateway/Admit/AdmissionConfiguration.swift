/// What may be in flight in one ingress, and how it is shared.
package struct AdmissionConfiguration: Sendable, Equatable {
    /// For every party that has no values of its own.
    package var party = PartyLimit()
    /// Questions of all parties that may wait for their answers together.
    ///
    /// Requests are bounded before they are read (``HTTPIngress``); this counts what they ask for, and is a quarter of what
    /// a provider's queue takes, so that four ingresses are told 429 here before the broker refuses.
    package var questionsInFlight = 5_000
    /// How few they become at the least when replies come too late, see ``AdaptiveBound``.
    ///
    /// More than the operating agreement's 200 simultaneous calls, for what comes late may also be a base service's doing.
    package var leastQuestionsInFlight = 250
    /// How much of every bound automated work may fill, in hundredths; the rest is always there for people.
    package var automatedShare = 25

    package init() {}

    /// Questions that a lane may have in flight, of so many in all.
    func share(of lane: WorkLane, in bound: Int) -> Int {
        switch lane {
        case .caseworker: bound
        case .automated: max(1, bound * self.automatedShare / 100)
        }
    }
}
