import SSBTEK

/// One transaction whose manifest has arrived and whose reply is not yet confirmed.
struct OpenTransaction {
    let manifest: Manifest
    /// The queue that its messages come from, and go back to when it is lost.
    let shard: Int
    /// Everything held for it: its manifests and answers, unacknowledged until the reply is confirmed.
    var deliveries: [DeliveryID]
    /// The reply is being made; what arrives now belongs to it only for being acknowledged.
    var isReplying = false
    /// When a failed reply is tried again.
    var retryAt: Timestamp?
    private(set) var recipients: [Assembly.Recipient]
    /// When the reply is made of what is there.
    private let partialAt: Timestamp
    private var answers: [Slot: SectionOutcome] = [:]
    private var missing: Set<Slot>
    /// Whose answers have been taken: those of a repeat are held too, so that after a crash each has all of its own.
    private var taken: Set<Source> = []

    private struct Source: Hashable {
        let transaction: TransactionID
        let slot: Slot
    }

    init(manifest: Manifest, delivery: DeliveryID, partialAt: Timestamp) {
        self.manifest = manifest
        self.shard = delivery.shard
        self.deliveries = [delivery]
        self.recipients = [.init(manifest)]
        self.partialAt = partialAt
        self.missing = Set(manifest.slots)
    }

    var isComplete: Bool { self.missing.isEmpty }

    /// Whether a repeat may join: not once a reply was begun, also when it failed, since after a crash the same answers would
    /// make that reply before the repeat comes again.
    var takesRecipients: Bool { !self.isReplying && self.retryAt == nil }

    /// The moment at which the one who waits longest should have had its reply.
    var lastDeadline: Timestamp { self.recipients.map(\.deadline).max() ?? self.manifest.deadline }

    /// Whether the reply is due: everything is there, or there is no more time, or a failed reply is to be tried again.
    func isDue(at now: Timestamp) -> Bool {
        guard !self.isReplying else { return false }
        if let retryAt { return now >= retryAt }
        return self.isComplete || now >= self.partialAt
    }

    mutating func join(_ manifest: Manifest, delivery: DeliveryID) {
        self.recipients.append(.init(manifest))
        self.deliveries.append(delivery)
    }

    mutating func served(_ transaction: TransactionID) {
        self.recipients.removeAll { $0.transaction == transaction }
    }

    /// Files an answer, the first one for its section; returns why it is of no use, or nil when it is to be held.
    mutating func file(_ answer: ProviderAnswer) -> Ending? {
        if self.missing.remove(answer.slot) != nil { self.answers[answer.slot] = answer.outcome }
        guard self.answers[answer.slot] != nil else { return .unexpected }
        let isNew = self.taken.insert(Source(transaction: answer.transaction, slot: answer.slot)).inserted
        return isNew ? nil : .duplicate
    }

    func assembly() -> Assembly {
        let sections = self.manifest.questions.enumerated().map { index, question in
            question.providers.map { provider in
                let outcome = self.answers[Slot(question: index, provider: provider)]
                return (provider: provider, outcome: outcome ?? .error(.gateway(.noAnswerInTime)))
            }
        }
        return Assembly(
            manifest: self.manifest, sections: sections, recipients: self.recipients, isComplete: self.isComplete)
    }
}
