import Gateway
import GatewayFixtures
import SHS
import SSBTEK

extension CorrelateModel {
    /// What a crash at this moment would change in the replies: nothing, or a rule that was broken.
    ///
    /// A second process gets everything that is unacknowledged; then the time runs out for both.
    func violationsOfReplay() -> [String] {
        var original = self
        var other = self
        other.crash()
        for (index, message) in self.messages.enumerated() where message.held == nil {
            other.messages[index].ending = .poison
        }
        for shard in Set(self.messages.map(\.shard)) { while other.deliverNext(shard: shard) {} }
        let deadlines = self.manifests.map(\.deadline)
        let end = max(deadlines.max() ?? self.now, self.now + Self.configuration.settleFor) + .seconds(1)
        original.pass(end.since(self.now))
        other.pass(end.since(self.now))
        var violations: [String] = []
        for reply in original.outstanding where !reply.isLost {
            let assembly = reply.assembly
            // Whoever shared the answers of a repeat that nobody waits for any more does without them.
            guard !self.hasAbandonedRepeat(of: assembly.manifest) else { continue }
            for recipient in assembly.recipients {
                let again = other.outstanding.map(\.assembly).first { $0.recipients.contains(recipient) }
                guard let again else {
                    violations.append("after a crash everybody gets a reply again")
                    continue
                }
                let isSameGroup = Set(again.recipients) == Set(assembly.recipients)
                if !Self.agree(assembly, again, exactly: isSameGroup) {
                    violations.append("a replay leads to the same reply")
                }
            }
        }
        return violations
    }

    private var manifests: [ManifestFixture] {
        self.messages.compactMap { if case .manifest(let fixture) = $0.content { fixture } else { nil } }
    }

    private func hasAbandonedRepeat(of manifest: Manifest) -> Bool {
        self.manifests.contains {
            self.now > $0.deadline + Self.configuration.abandonAfter && $0.txID == manifest.label.txID
        }
    }

    /// Whether the second has all that the first has; or exactly that.
    private static func agree(_ first: Assembly, _ second: Assembly, exactly: Bool) -> Bool {
        zip(first.sections.joined(), second.sections.joined()).allSatisfy { left, right in
            if left.provider != right.provider { return false }
            if left.outcome == right.outcome { return true }
            if case .data = left.outcome { return false }
            return !exactly
        }
    }
}
