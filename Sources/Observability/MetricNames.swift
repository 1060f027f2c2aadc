/// The names of all metrics and the closed sets of their dimensions.
package enum MetricNames {
    /// Counter, by outcome: transactions as the ingress ended them.
    package static let transactions = "shs.transactions"
    /// Timer: from acceptance to the response.
    package static let transactionDuration = "shs.transaction.duration"
    /// Counter, by fault: refused messages.
    package static let refusals = "shs.refusals"
    /// Counter, by ending: what became of the messages that the correlator held.
    package static let endings = "shs.correlate.endings"
    /// Counter, by provider, `kalla` and `felkod` class: sections as the workers ended them.
    package static let sections = "shs.provide.sections"
    /// Timer, by provider: a base service's time to answer.
    package static let providerDuration = "shs.provide.duration"
    /// Counter, by provider: work items that were past their deadline when a worker took them.
    package static let deadWork = "shs.provide.dead"
    /// Gauge, by lane: questions that wait for their answers in this ingress.
    package static let questionsInFlight = "shs.admission.questions_in_flight"
    /// Gauge, by provider: 0 closed, 1 half-open, 2 open.
    package static let breaker = "shs.provide.breaker"
    /// Counter, by provider and state (`closed`, `half-open`, `open`): changes of a circuit breaker.
    package static let breakerChanges = "shs.provide.breaker.changes"
    /// Counter, by provider: questions that were put again.
    package static let retries = "shs.provide.retries"
    /// Counter, by queue kind and reason: dead letters.
    package static let deadLetters = "shs.dead_letters"
    /// Gauge: the number of the set of certificates that the process runs.
    package static let trustSnapshot = "shs.trust.snapshot"
    /// Gauge: how many times the process has taken a set into use.
    package static let trustGeneration = "shs.trust.generation"
    /// Counter, by result (`accepted`, `refused`): sets that were loaded after the start.
    package static let trustReloads = "shs.trust.reloads"
    /// Gauge, by kind of certificate: whole days until the first of that kind runs out.
    package static let certificateDaysLeft = "shs.certificates.days_left"
    /// Gauge, by stage: revocation lists that the process decides with.
    package static let revocationLists = "shs.revocation.lists"
    /// Gauge, by stage: OCSP answers that the process decides with.
    package static let revocationAnswers = "shs.revocation.answers"
    /// Gauge: seconds until the first revocation list runs out; negative afterwards.
    package static let revocationSecondsLeft = "shs.revocation.seconds_left"
    /// Counter, by reason: refused clients.
    package static let refusedClients = "shs.clients.refused"

    /// The dimensions' names.
    package enum Dimension {
        package static let outcome = "outcome"
        package static let fault = "fault"
        package static let ending = "ending"
        package static let provider = "provider"
        package static let kind = "kind"
        package static let reason = "reason"
        package static let result = "result"
        package static let stage = "stage"
        package static let lane = "lane"
        package static let state = "state"
    }
}
