import SHS
import SSBTEK

/// The correlator's decisions: what to hold, when to reply, what to acknowledge.
///
/// Driven by events and time only, so that a redelivery of everything to another correlator leads to the same state
/// (decision 1: the queue is the store). Nothing is acknowledged before the reply that it went into is confirmed. All of a
/// transaction's messages come from one shard, since ingress and workers take it from the same split.
package struct CorrelateState {
    private let configuration: CorrelateConfiguration
    private var open: [TransactionID: OpenTransaction] = [:]
    /// Answers that came before their manifest, by transaction.
    private var early: [TransactionID: [(answer: ProviderAnswer, delivery: DeliveryID)]] = [:]
    /// Transactions that have ended, each until the moment after which nothing of it can arrive any more.
    private var ended: [TransactionID: Timestamp] = [:]
    /// Repeats that were joined to an open transaction: their answers are filed there.
    private var joined: [TransactionID: TransactionID] = [:]
    /// Whom a reply is on its way to, also when the shard was lost meanwhile: nobody gets a second one beside it.
    private var replying: Set<TransactionID> = []
    /// Open transactions by sender and tx.id.
    private var byTransfer: [Transfer: [TransactionID]] = [:]
    /// When ``ended`` is next cleared of what is no longer needed.
    private var pruneAt = Timestamp(milliseconds: 0)

    /// A repeat is on the same shard unless the number of shards was changed; then it goes its own way.
    private struct Transfer: Hashable {
        let sender: String
        let txID: String
        let shard: Int

        init(_ manifest: Manifest, shard: Int) {
            self.sender = manifest.sender
            self.txID = manifest.label.txID
            self.shard = shard
        }
    }

    package init(configuration: CorrelateConfiguration) {
        self.configuration = configuration
    }

    package var openCount: Int { self.open.count }
    /// Deliveries held unacknowledged.
    package var heldCount: Int {
        self.open.values.reduce(0) { $0 + $1.deliveries.count } + self.early.values.reduce(0) { $0 + $1.count }
    }
    /// Entries of all kinds: zero once everything has ended and its time has passed.
    var entryCount: Int {
        self.open.count + self.early.count + self.ended.count + self.joined.count + self.replying.count
            + self.byTransfer.count
    }

    // MARK: Events

    package mutating func manifestReceived(
        _ manifest: Manifest, _ delivery: DeliveryID, at now: Timestamp
    ) -> [CorrelateAction] {
        let id = manifest.transaction
        if self.open[id] != nil || self.joined[id] != nil || self.ended[id] != nil {
            return [.acknowledge([delivery], .duplicateManifest)]
        }
        if now > manifest.deadline + self.configuration.abandonAfter {
            self.ended[id] = manifest.deadline + self.configuration.memory
            return [.acknowledge([delivery] + self.takeEarly(id), .abandoned)]
        }
        let transfer = Transfer(manifest, shard: delivery.shard)
        if let first = self.openRepeat(of: manifest, transfer) {
            self.open[first]?.join(manifest, delivery: delivery)
            self.joined[id] = first
            return self.fileEarly(id, into: first) + self.replyIfDue(first, at: now)
        }
        let partialAt = max(manifest.deadline, now + self.configuration.settleFor)
        self.open[id] = OpenTransaction(manifest: manifest, delivery: delivery, partialAt: partialAt)
        self.byTransfer[transfer, default: []].append(id)
        return self.fileEarly(id, into: id) + self.replyIfDue(id, at: now)
    }

    package mutating func answerReceived(
        _ answer: ProviderAnswer, _ delivery: DeliveryID, at now: Timestamp
    ) -> [CorrelateAction] {
        let id = self.joined[answer.transaction] ?? answer.transaction
        if self.open[id] != nil {
            return self.file(answer, delivery, into: id) + self.replyIfDue(id, at: now)
        }
        if self.ended[answer.transaction] != nil {
            return [.acknowledge([delivery], .late)]
        }
        if now > answer.deadline + self.configuration.orphanAfter {
            return [.acknowledge([delivery], .orphan)]
        }
        self.early[answer.transaction, default: []].append((answer, delivery))
        return []
    }

    package func poisonReceived(_ delivery: DeliveryID) -> [CorrelateAction] {
        [.acknowledge([delivery], .poison)]
    }

    /// Replies that are due, orphans that waited long enough, memories that are no longer needed.
    package mutating func timePassed(at now: Timestamp) -> [CorrelateAction] {
        // In a fixed order, so that the same events give the same actions again.
        let due = self.open.values.filter { $0.isDue(at: now) }.map(\.manifest)
            .sorted { ($0.deadline, $0.transaction.text) < ($1.deadline, $1.transaction.text) }
        var actions = due.flatMap { self.replyIfDue($0.transaction, at: now) }
        let orphans = self.early.filter { now > self.orphanMoment($0.value) }.keys.sorted { $0.text < $1.text }
        for id in orphans { actions.append(.acknowledge(self.takeEarly(id), .orphan)) }
        if now >= self.pruneAt {
            self.pruneAt = now + self.configuration.rememberFor
            self.ended = self.ended.filter { $0.value >= now }
        }
        return actions
    }

    /// Every recipient's reply is confirmed, or nobody is there to take it.
    ///
    /// When the shard was lost meanwhile, what is redelivered of this transaction is recognised and not replied to again;
    /// a repeat that joined only after that still waits for its own.
    package mutating func replied(_ assembly: Assembly, reached: Bool) -> [CorrelateAction] {
        var held: [DeliveryID] = []
        for recipient in assembly.recipients {
            self.ended[recipient.transaction] = recipient.deadline + self.configuration.memory
            self.replying.remove(recipient.transaction)
            held += self.served(recipient.transaction) + self.takeEarly(recipient.transaction)
        }
        let ending: Ending = reached ? (assembly.isComplete ? .complete : .partial) : .unreachable
        return [.acknowledge(held, ending)]
    }

    /// The reply could not be published now: it is tried again after a pause, until nobody waits any more.
    package mutating func replyFailed(_ assembly: Assembly, at now: Timestamp) -> [CorrelateAction] {
        let id = assembly.manifest.transaction
        // When the shard was lost meanwhile, what has been redelivered starts from the manifest again.
        guard let transaction = self.open[id], transaction.isReplying else {
            for recipient in assembly.recipients { self.replying.remove(recipient.transaction) }
            return []
        }
        if now > transaction.lastDeadline + self.configuration.abandonAfter {
            return self.replied(assembly, reached: false)
        }
        for recipient in assembly.recipients { self.replying.remove(recipient.transaction) }
        self.open[id]?.isReplying = false
        self.open[id]?.retryAt = now + self.configuration.retryAfter
        return []
    }

    /// The shard's deliveries are not ours any more; whoever gets them starts from the manifest again.
    package mutating func shardLost(_ shard: Int) {
        for (id, transaction) in self.open where transaction.shard == shard { self.forget(id) }
        self.early = self.early.compactMapValues { answers in
            let kept = answers.filter { $0.delivery.shard != shard }
            return kept.isEmpty ? nil : kept
        }
    }

    // MARK: Steps

    private mutating func replyIfDue(_ id: TransactionID, at now: Timestamp) -> [CorrelateAction] {
        guard let transaction = self.open[id], transaction.isDue(at: now),
            transaction.recipients.allSatisfy({ !self.replying.contains($0.transaction) })
        else { return [] }
        self.open[id]?.isReplying = true
        for recipient in transaction.recipients { self.replying.insert(recipient.transaction) }
        return [.reply(transaction.assembly())]
    }

    private mutating func file(
        _ answer: ProviderAnswer, _ delivery: DeliveryID, into id: TransactionID
    ) -> [CorrelateAction] {
        guard self.open[id]?.isReplying == false else { return [.acknowledge([delivery], .late)] }
        if let ending = self.open[id]?.file(answer) {
            return [.acknowledge([delivery], ending)]
        }
        self.open[id]?.deliveries.append(delivery)
        return []
    }

    private mutating func fileEarly(_ id: TransactionID, into target: TransactionID) -> [CorrelateAction] {
        (self.early.removeValue(forKey: id) ?? []).flatMap { self.file($0.answer, $0.delivery, into: target) }
    }

    private mutating func takeEarly(_ id: TransactionID) -> [DeliveryID] {
        (self.early.removeValue(forKey: id) ?? []).map(\.delivery)
    }

    /// An open transaction that the manifest repeats and that can still take another recipient.
    private func openRepeat(of manifest: Manifest, _ transfer: Transfer) -> TransactionID? {
        self.byTransfer[transfer]?.first { id in
            guard let transaction = self.open[id], transaction.takesRecipients else { return false }
            return transaction.manifest.isRepeat(of: manifest)
        }
    }

    private func orphanMoment(_ answers: [(answer: ProviderAnswer, delivery: DeliveryID)]) -> Timestamp {
        let deadline = answers.map(\.answer.deadline).max() ?? Timestamp(milliseconds: 0)
        return deadline + self.configuration.orphanAfter
    }

    /// One recipient has its reply; returns what was held when it was the last one.
    private mutating func served(_ recipient: TransactionID) -> [DeliveryID] {
        let id = self.joined.removeValue(forKey: recipient) ?? recipient
        self.open[id]?.served(recipient)
        guard self.open[id]?.recipients.isEmpty == true else { return [] }
        return self.forget(id)?.deliveries ?? []
    }

    @discardableResult
    private mutating func forget(_ id: TransactionID) -> OpenTransaction? {
        guard let transaction = self.open.removeValue(forKey: id) else { return nil }
        let transfer = Transfer(transaction.manifest, shard: transaction.shard)
        self.byTransfer[transfer]?.removeAll { $0 == id }
        if self.byTransfer[transfer]?.isEmpty == true { self.byTransfer[transfer] = nil }
        for recipient in transaction.recipients { self.joined[recipient.transaction] = nil }
        return transaction
    }
}
