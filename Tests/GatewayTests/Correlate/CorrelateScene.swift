import Gateway
import GatewayFixtures
import SSBTEK

/// A state that one transaction can be in at the correlator, and what can happen to it there: for the table of all pairs.
struct CorrelateScene {
    /// Where transaction `a`, with answers from AF and CSN expected, stands.
    enum Situation: String, CaseIterable {
        case unknown, early, open, half, replying, partial, retrying, joined, ended, abandoned
        /// The shard was lost while the reply was in the making, and nothing has come again yet.
        case lost
        /// The same, and the manifest has come again.
        case reopened
    }

    /// What happens; `a` is the transaction of the situation, `b` a repeat of it.
    enum Event: String, CaseIterable {
        case manifest, repeated, otherContent, needed, second, unexpected, repeatsAnswer, foreign, poison, tick,
            deadline,
            muchLater, reached, unreached, failed, failedLate, shardLost, otherShardLost
    }

    static let configuration = CorrelateConfiguration()
    private(set) var state = CorrelateState(configuration: Self.configuration)
    private(set) var now = ManifestFixture.start
    private var number: UInt64 = 0
    private var replies: [Assembly] = []
    private let first = ManifestFixture("a")

    init(_ situation: Situation) {
        switch situation {
        case .unknown: break
        case .early: self.answer(.af)
        case .open: self.manifest("a")
        case .half:
            self.manifest("a")
            self.answer(.af)
        case .replying: self.complete()
        case .partial:
            self.manifest("a")
            self.answer(.af)
            self.now = self.first.deadline
            self.collect(self.state.timePassed(at: self.now))
        case .retrying:
            self.complete()
            self.collect(self.state.replyFailed(self.replies[0], at: self.now))
        case .joined:
            self.manifest("a")
            self.manifest("b")
            self.answer(.af)
        case .ended:
            self.complete()
            self.collect(self.state.replied(self.replies[0], reached: true))
        case .abandoned:
            self.now = self.first.deadline + Self.configuration.abandonAfter + .milliseconds(1)
            self.manifest("a")
        case .lost:
            self.complete()
            self.state.shardLost(0)
        case .reopened:
            self.complete()
            self.state.shardLost(0)
            self.manifest("a")
        }
    }

    /// Performs an event and tells what was decided, in short.
    mutating func perform(_ event: Event) -> String {
        switch event {
        case .manifest: return self.manifest("a")
        case .repeated: return self.manifest("b")
        case .otherContent:
            var other = ManifestFixture("c")
            other.content = 2
            return self.collect(self.state.manifestReceived(other.manifest, self.delivery(), at: self.now))
        case .needed: return self.answer(.csn)
        case .second: return self.answer(.af)
        case .unexpected: return self.answer(.miv)
        case .repeatsAnswer: return self.answer(.csn, of: "b")
        case .foreign: return self.answer(.af, of: "z")
        case .poison: return self.collect(self.state.poisonReceived(self.delivery()))
        case .tick: return self.pass(to: self.now + .milliseconds(20))
        case .deadline: return self.pass(to: max(self.now, self.first.deadline))
        case .muchLater: return self.pass(to: self.now + .seconds(300))
        case .reached: return self.collect(self.state.replied(self.assembly, reached: true))
        case .unreached: return self.collect(self.state.replied(self.assembly, reached: false))
        case .failed: return self.collect(self.state.replyFailed(self.assembly, at: self.now))
        case .failedLate: return self.collect(self.state.replyFailed(self.assembly, at: self.now + .seconds(60)))
        case .shardLost:
            self.state.shardLost(0)
            return "-"
        case .otherShardLost:
            self.state.shardLost(7)
            return "-"
        }
    }

    /// The reply that was last begun, or one that the shell never asked for.
    private var assembly: Assembly {
        if let last = self.replies.last { return last }
        var scene = Self(.replying)
        return scene.replies.removeLast()
    }

    private mutating func delivery() -> DeliveryID {
        self.number += 1
        return DeliveryID(shard: 0, number: self.number)
    }

    private mutating func complete() {
        self.manifest("a")
        self.answer(.af)
        self.answer(.csn)
    }

    @discardableResult
    private mutating func manifest(_ transaction: String) -> String {
        self.collect(
            self.state.manifestReceived(ManifestFixture(transaction).manifest, self.delivery(), at: self.now))
    }

    @discardableResult
    private mutating func answer(_ provider: Provider, of transaction: String = "a") -> String {
        self.collect(
            self.state.answerReceived(ManifestFixture(transaction).answer(provider), self.delivery(), at: self.now))
    }

    private mutating func pass(to moment: Timestamp) -> String {
        self.now = moment
        return self.collect(self.state.timePassed(at: moment))
    }

    @discardableResult
    private mutating func collect(_ actions: [CorrelateAction]) -> String {
        let texts = actions.map { action in
            switch action {
            case .acknowledge(let deliveries, let ending): return "\(deliveries.count) \(ending.rawValue)"
            case .reply(let assembly):
                self.replies.append(assembly)
                return "reply \(assembly.count.data)/\(assembly.count.errors) to \(assembly.recipients.count)"
            }
        }
        return texts.isEmpty ? "-" : texts.joined(separator: ", ")
    }
}
