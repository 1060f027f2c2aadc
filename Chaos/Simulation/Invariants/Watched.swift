import Gateway
import InMemoryTransport
import SHS
import SSBTEK

/// A transaction as it can be seen from outside.
struct WatchedTransaction {
    let manifest: Manifest
    /// The process that took it.
    let ingress: String
    let begunAt: Timestamp
    /// When its reply should be made, whatever its manifest says.
    let deadline: Timestamp
    /// Messages of its dispatch that are not confirmed; none left means that it is accepted.
    var unconfirmed: Int
    /// When an answer for a section was first in the correlate queue.
    var answered: [Slot: Timestamp] = [:]
    /// How often a reply was sent off.
    var replyCount = 0
    /// What has arrived at its queue.
    var replies: [Reply.Outcome] = []
    /// Its manifest expired or came back too often.
    var hasDied = false

    init(_ manifest: Manifest, ingress: String, at now: Timestamp, within budget: Duration) {
        self.manifest = manifest
        self.ingress = ingress
        self.begunAt = now
        self.deadline = now + budget
        self.unconfirmed = 1 + manifest.slots.count
    }

    /// Whether it is another transaction for the same transfer.
    func isRepeat(of other: Manifest?) -> Bool { self.manifest.transaction != other?.transaction }

    var isAccepted: Bool { self.unconfirmed == 0 }
    /// The first question's, which tells the transfer.
    var correlationID: String? { self.manifest.questions.first?.correlationID }
}

/// A client's request as its client sees it.
struct WatchedRequest {
    let transfer: SimulatedTransfer
    let ingress: String
    let sentAt: Timestamp
    /// The moment at which its client must have heard something.
    var limit: Timestamp
    /// Its client has hung up, or its ingress is dead: nobody hears what becomes of it.
    var isAbandoned = false
    var isAnswered = false
}

/// What a process has been given and has heard.
struct WatchedProcess {
    private struct Answer: Hashable {
        let transaction: TransactionID
        let slot: Slot
    }

    private var manifests: [TransactionID: Int] = [:]
    private var answers: [Answer: Int] = [:]
    private var settledReplies: Set<TransactionID> = []
    private var settledAnswers: Set<Answer> = []

    mutating func received(_ message: InMemoryMessage) {
        guard let id = message.transaction else { return }
        switch message {
        case .manifest: self.manifests[id, default: 0] += 1
        case .answer(let answer): self.answers[Answer(transaction: id, slot: answer.slot), default: 0] += 1
        case .work, .reply, .unreadable: break
        }
    }

    /// The broker has it, or nobody is there to take it.
    mutating func settled(_ message: InMemoryMessage) {
        guard let id = message.transaction else { return }
        if case .answer(let answer) = message { self.settledAnswers.insert(Answer(transaction: id, slot: answer.slot)) }
        if case .reply = message { self.settledReplies.insert(id) }
    }

    func hasReplied(to transaction: TransactionID) -> Bool { self.settledReplies.contains(transaction) }

    func hasAnswered(_ item: WorkItem) -> Bool {
        self.settledAnswers.contains(Answer(transaction: item.transaction, slot: item.slot))
    }

    func has(_ slot: Slot, of transaction: TransactionID) -> Bool {
        self.answers[Answer(transaction: transaction, slot: slot)] != nil
    }

    func hasSeveral(_ manifest: Manifest) -> Bool { self.manifests[manifest.transaction, default: 0] > 1 }

    func hasSeveral(_ answer: ProviderAnswer) -> Bool {
        self.answers[Answer(transaction: answer.transaction, slot: answer.slot), default: 0] > 1
    }
}

/// When the world was not as it should be.
struct Disturbances {
    private var open = 0
    private var lastEnd: Timestamp?

    /// Whether there has been any.
    var haveBeen: Bool { self.open > 0 || self.lastEnd != nil }

    mutating func began(at now: Timestamp) {
        self.open += 1
        self.lastEnd = max(self.lastEnd ?? now, now)
    }

    mutating func ended(at now: Timestamp) {
        self.open -= 1
        self.lastEnd = max(self.lastEnd ?? now, now)
    }

    mutating func happened(until moment: Timestamp) { self.lastEnd = max(self.lastEnd ?? moment, moment) }

    /// Whether any was not over before the moment.
    func hasHappened(since moment: Timestamp) -> Bool {
        self.open > 0 || self.lastEnd.map { $0 >= moment } ?? false
    }
}
