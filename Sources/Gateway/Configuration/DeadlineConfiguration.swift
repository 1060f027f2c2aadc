/// How much time a transaction has, and how it is shared out between the stages.
///
/// `target` is what the municipality sees. Counting backwards from it: the correlator replies `replyMargin` before it
/// (assembling, signing, the way back), and a provider's answer must exist `answerMargin` before that (sealing, the queue).
package struct DeadlineConfiguration: Sendable, Equatable {
    /// Time from acceptance to the reply for one person; the operating agreement's 7 s.
    package var target: Duration = .seconds(7)
    /// Added for each person after the first; the operating agreement's 1.5 s.
    package var perPerson: Duration = .milliseconds(1_500)
    /// Kept for assembling, signing and the way back.
    package var replyMargin: Duration = .milliseconds(400)
    /// Kept for sealing an answer and its way through the broker.
    package var answerMargin: Duration = .milliseconds(200)
    /// How long after the target the ingress still waits before it answers with a fault: covers a correlator's restart.
    package var waitMargin: Duration = .milliseconds(3_000)

    package init() {}

    /// From acceptance until the ingress should have answered.
    package func target(persons: Int) -> Duration { self.target + self.perPerson * (persons - 1) }

    /// From acceptance until the correlator replies with what it has.
    package func replyBudget(persons: Int) -> Duration { self.target(persons: persons) - self.replyMargin }

    /// From acceptance until a provider's answer must exist.
    package func workBudget(persons: Int) -> Duration { self.replyBudget(persons: persons) - self.answerMargin }

    /// From acceptance until the ingress gives up waiting.
    package func waitBudget(persons: Int) -> Duration { self.target(persons: persons) + self.waitMargin }
}
