import Gateway
import GatewayFixtures
import SSBTEK

/// A broker's correlate queue and an ideal observer around one ``CorrelateState``: for random sequences of events.
///
/// It knows every message's fate, and finds the violations of what the correlator promises.
struct CorrelateModel {
    /// A message in the queue, with what is known of its fate.
    struct Message {
        enum Content {
            case manifest(ManifestFixture)
            case answer(ProviderAnswer, content: UInt64)
            case poison
        }

        let content: Content
        let shard: Int
        /// Held by the correlator under this number.
        var held: UInt64?
        var ending: Ending?
    }

    /// A reply in the making.
    struct Outstanding {
        let assembly: Assembly
        /// Its messages were lost meanwhile.
        var isLost = false
    }

    static let configuration = CorrelateConfiguration()
    var state = CorrelateState(configuration: Self.configuration)
    var now = ManifestFixture.start
    /// In the order in which they were published, which is the order of redelivery.
    var messages: [Message] = []
    private var published: [TransactionID: (fixture: ManifestFixture, shard: Int)] = [:]
    /// Replies that the shell is busy with.
    private(set) var outstanding: [Outstanding] = []
    /// Transactions that were replied to, or given up as unreachable.
    private(set) var replied: Set<TransactionID> = []
    /// Those of them that an earlier process replied to.
    private var repliedBefore: Set<TransactionID> = []
    var violations: [String] = []
    private var endedCount = 0
    private var lastNumber: UInt64 = 0
    private var indexByNumber: [UInt64: Int] = [:]
    /// The transactions whose reply is being confirmed at this moment: only theirs may be acknowledged as answered.
    private var confirming: Set<TransactionID> = []

    var isIdle: Bool { self.outstanding.isEmpty && self.endedCount == self.messages.count }

    /// Hands over the next message of a shard, in the order of publication; false when there is none.
    mutating func deliverNext(shard: Int) -> Bool {
        guard
            let index = self.messages.firstIndex(where: { $0.shard == shard && $0.held == nil && $0.ending == nil })
        else { return false }
        self.lastNumber += 1
        self.messages[index].held = self.lastNumber
        self.indexByNumber[self.lastNumber] = index
        let delivery = DeliveryID(shard: shard, number: self.lastNumber)
        switch self.messages[index].content {
        case .manifest(let fixture): self.handle(self.state.manifestReceived(fixture.manifest, delivery, at: self.now))
        case .answer(let answer, _): self.handle(self.state.answerReceived(answer, delivery, at: self.now))
        case .poison: self.handle(self.state.poisonReceived(delivery))
        }
        return true
    }

    mutating func pass(_ duration: Duration) {
        self.now = self.now + duration
        self.handle(self.state.timePassed(at: self.now))
    }

    mutating func replied(_ index: Int, reached: Bool) {
        let assembly = self.outstanding.remove(at: index).assembly
        self.confirming = Set(assembly.recipients.map(\.transaction))
        self.replied.formUnion(self.confirming)
        self.handle(self.state.replied(assembly, reached: reached))
        self.confirming = []
    }

    mutating func replyFailed(_ index: Int) {
        let assembly = self.outstanding.remove(at: index).assembly
        self.confirming = Set(assembly.recipients.map(\.transaction))
        let actions = self.state.replyFailed(assembly, at: self.now)
        // The only acknowledgement allowed here is giving up.
        if !actions.isEmpty { self.replied.formUnion(self.confirming) }
        self.handle(actions)
        self.confirming = []
    }

    mutating func lose(shard: Int) {
        for index in self.messages.indices where self.messages[index].shard == shard { self.messages[index].held = nil }
        for index in self.outstanding.indices
        where self.shard(of: self.outstanding[index].assembly.manifest.transaction) == shard {
            self.outstanding[index].isLost = true
        }
        self.state.shardLost(shard)
    }

    /// The process dies: everything that is unacknowledged goes to a new one.
    mutating func crash() {
        for index in self.messages.indices { self.messages[index].held = nil }
        self.outstanding = []
        self.repliedBefore = self.replied
        self.state = CorrelateState(configuration: Self.configuration)
    }

    mutating func publish(_ message: Message) {
        self.messages.append(message)
        if case .manifest(let fixture) = message.content {
            self.published[TransactionID(fixture.transaction)] = (fixture, message.shard)
        }
    }

    mutating func require(_ isSo: Bool, _ rule: String) {
        if !isSo { self.violations.append(rule) }
    }

    // MARK: Checks

    private mutating func handle(_ actions: [CorrelateAction]) {
        for action in actions {
            switch action {
            case .reply(let assembly): self.replyBegan(assembly)
            case .acknowledge(let deliveries, let ending):
                for delivery in deliveries { self.acknowledged(delivery, ending) }
            }
        }
    }

    private mutating func acknowledged(_ delivery: DeliveryID, _ ending: Ending) {
        guard let index = self.indexByNumber[delivery.number], self.messages[index].held == delivery.number else {
            return self.require(false, "only what is held is acknowledged, and once")
        }
        let message = self.messages[index]
        self.messages[index].held = nil
        self.messages[index].ending = ending
        self.endedCount += 1
        switch ending {
        case .complete, .partial, .unreachable:
            self.require(!self.confirming.isEmpty, "nothing is acknowledged as answered before the reply is confirmed")
            if case .manifest(let fixture) = message.content {
                let id = TransactionID(fixture.transaction)
                self.require(self.replied.contains(id), "a manifest ends with its own transaction's reply")
            }
        case .duplicate:
            guard case .answer(let answer, let content) = message.content else { return }
            let held = self.heldSlots(of: content, in: message.shard, from: [answer.transaction])
            let hasTwin = held.contains(answer.slot)
            self.require(hasTwin, "a duplicate is let go only while the first is held")
        case .duplicateManifest:
            guard case .manifest(let fixture) = message.content else { return }
            let id = TransactionID(fixture.transaction)
            let hasTwin = self.messages.contains { other in
                guard other.held != nil, case .manifest(let first) = other.content else { return false }
                return first.transaction == fixture.transaction
            }
            self.require(
                hasTwin || self.replied.contains(id) || self.wasAbandoned(id),
                "a second manifest is let go only while the first is held, or after the end")
        case .poison:
            if case .poison = message.content { return }
            self.require(false, "only poison is poison")
        case .joined, .abandoned, .late, .orphan, .unexpected: break
        }
    }

    private mutating func replyBegan(_ assembly: Assembly) {
        let recipients = Set(assembly.recipients.map(\.transaction))
        for other in self.outstanding {
            let others = other.assembly.recipients.map(\.transaction)
            self.require(recipients.isDisjoint(with: others), "at most one reply in the making per transaction")
        }
        self.require(
            recipients.isDisjoint(with: self.replied.subtracting(self.repliedBefore)),
            "nobody is replied to twice by one process")
        self.checkSections(of: assembly, recipients)
        self.outstanding.append(Outstanding(assembly: assembly))
    }

    private mutating func checkSections(of assembly: Assembly, _ recipients: Set<TransactionID>) {
        guard let fixture = self.published[assembly.manifest.transaction]?.fixture else {
            return self.require(false, "a reply has a manifest")
        }
        let content = fixture.content
        let shard = self.shard(of: assembly.manifest.transaction)
        let held = self.heldSlots(of: content, in: shard)
        let own = self.heldSlots(of: content, in: shard, from: recipients)
        var isComplete = true
        for (question, sections) in assembly.sections.enumerated() {
            self.require(
                sections.map(\.provider) == fixture.providers[question], "sections are in the manifest's order")
            for section in sections {
                let slot = Slot(question: question, provider: section.provider)
                switch section.outcome {
                case .data:
                    let expected = fixture.outcome(section.provider, question: question)
                    self.require(section.outcome == expected, "an answer never ends in another transaction's reply")
                    self.require(held.contains(slot), "what is in a reply is held until it is confirmed")
                case .error(let error):
                    isComplete = false
                    self.require(error == .gateway(.noAnswerInTime), "only silence is made up")
                    self.require(!own.contains(slot), "an answer that is held is in the reply")
                }
            }
        }
        self.require(assembly.isComplete == isComplete, "complete exactly when all sections are filed")
        let deadline = assembly.manifest.deadline
        self.require(
            isComplete || self.now >= deadline, "a reply with silent providers is not made before the deadline")
    }

    private func heldSlots(of content: UInt64, in shard: Int, from recipients: Set<TransactionID>? = nil) -> Set<Slot> {
        Set(
            self.messages.compactMap { message in
                guard message.held != nil, message.shard == shard, case .answer(let answer, content) = message.content,
                    recipients?.contains(answer.transaction) ?? true
                else { return nil }
                return answer.slot
            })
    }

    private func shard(of transaction: TransactionID) -> Int { self.published[transaction]?.shard ?? -1 }

    func wasAbandoned(_ transaction: TransactionID) -> Bool {
        self.messages.contains { message in
            guard message.ending == .abandoned, case .manifest(let fixture) = message.content else { return false }
            return fixture.transaction == transaction.text
        }
    }
}
