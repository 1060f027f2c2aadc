import AMQP
import Gateway
import SSBTEK

/// Turns the gateway's messages into sealed AMQP messages and back.
///
/// The headers name transaction, question and provider in the clear, for routing and for dead letters; the associated data
/// binds them, so that a message whose headers were changed does not open.
struct MessageSealer: Sendable {
    /// How long after its deadline a manifest, answer or reply may still lie in a queue: the correlator's and the ingress's
    /// own margins decide before that; the expiry is for the case that nobody is there at all.
    static let grace: Duration = .seconds(30)

    private let keyring: Keyring

    init(keyring: Keyring) {
        self.keyring = keyring
    }

    func seal(_ manifest: Manifest, shard: Int, at now: Timestamp) throws(SealingError) -> AMQPMessage {
        let context = SealingContext(lane: .manifest, transaction: manifest.transaction)
        var message = AMQPMessage(body: try self.keyring.seal(manifest.payload(), for: context))
        message.type = MessageKind.manifest.rawValue
        message.messageID = manifest.transaction.text
        message.headers[HeaderNames.shard] = .integer(Int64(shard))
        message.headers[HeaderNames.replyAddress] = .string(manifest.replyAddress.text)
        message.expiration = Self.expiration(manifest.deadline + Self.grace, at: now)
        return message
    }

    func seal(_ item: WorkItem, at now: Timestamp) throws(SealingError) -> AMQPMessage {
        let context = SealingContext(
            lane: .work(item.slot.provider), transaction: item.transaction, question: item.slot.question)
        var message = AMQPMessage(body: try self.keyring.seal(item.payload(), for: context))
        message.type = MessageKind.work.rawValue
        Self.address(&message, item.transaction, item.slot, item.shard, item.deadline)
        message.expiration = Self.expiration(item.deadline, at: now)
        return message
    }

    func seal(_ answer: ProviderAnswer, at now: Timestamp) throws(SealingError) -> AMQPMessage {
        let context = SealingContext(
            lane: .answer(answer.slot.provider), transaction: answer.transaction, question: answer.slot.question)
        var message = AMQPMessage(body: try self.keyring.seal(answer.payload(), for: context))
        message.type = MessageKind.answer.rawValue
        Self.address(&message, answer.transaction, answer.slot, answer.shard, answer.deadline)
        message.expiration = Self.expiration(answer.deadline + Self.grace, at: now)
        return message
    }

    func seal(_ reply: Reply) throws(SealingError) -> AMQPMessage {
        let context = SealingContext(lane: .reply, transaction: reply.transaction)
        var message = AMQPMessage(body: try self.keyring.seal(reply.payload(), for: context))
        message.type = MessageKind.reply.rawValue
        message.messageID = reply.transaction.text
        message.expiration = Self.grace.wholeMilliseconds
        return message
    }

    func openWork(_ message: AMQPMessage) throws -> WorkItem {
        let (transaction, slot, shard) = try Self.addressed(message, as: .work)
        let context = SealingContext(lane: .work(slot.provider), transaction: transaction, question: slot.question)
        return try WorkItem(
            payload: try self.keyring.open(message.body, for: context), transaction: transaction, slot: slot,
            shard: shard)
    }

    func openManifest(_ message: AMQPMessage) throws -> Manifest {
        let transaction = try Self.transaction(of: message, as: .manifest)
        let context = SealingContext(lane: .manifest, transaction: transaction)
        return try Manifest(payload: try self.keyring.open(message.body, for: context), transaction: transaction)
    }

    func openAnswer(_ message: AMQPMessage) throws -> ProviderAnswer {
        let (transaction, slot, shard) = try Self.addressed(message, as: .answer)
        let context = SealingContext(lane: .answer(slot.provider), transaction: transaction, question: slot.question)
        return try ProviderAnswer(
            payload: try self.keyring.open(message.body, for: context), transaction: transaction, slot: slot,
            shard: shard)
    }

    func openReply(_ message: AMQPMessage) throws -> Reply {
        let transaction = try Self.transaction(of: message, as: .reply)
        let context = SealingContext(lane: .reply, transaction: transaction)
        return try Reply(payload: try self.keyring.open(message.body, for: context), transaction: transaction)
    }

    // MARK: Headers

    private static func address(
        _ message: inout AMQPMessage, _ transaction: TransactionID, _ slot: Slot, _ shard: Int, _ deadline: Timestamp
    ) {
        message.messageID = transaction.text
        message.headers[HeaderNames.question] = .integer(Int64(slot.question))
        message.headers[HeaderNames.provider] = .string(slot.provider.rawValue)
        message.headers[HeaderNames.shard] = .integer(Int64(shard))
        message.headers[HeaderNames.deadline] = .integer(deadline.milliseconds)
    }

    static func transaction(of message: AMQPMessage, as kind: MessageKind) throws(MalformedPayload) -> TransactionID {
        guard message.type == kind.rawValue, let id = message.messageID else { throw MalformedPayload() }
        return TransactionID(id)
    }

    /// What the headers of a work item or an answer say; true only after the payload has been opened.
    static func addressed(
        _ message: AMQPMessage, as kind: MessageKind
    ) throws(MalformedPayload) -> (TransactionID, Slot, shard: Int) {
        let transaction = try Self.transaction(of: message, as: kind)
        guard
            let question = message.headers.integer(HeaderNames.question).flatMap(Int.init(exactly:)),
            let provider = message.headers.string(HeaderNames.provider).flatMap(Provider.init(rawValue:)),
            let shard = message.headers.integer(HeaderNames.shard).flatMap(Int.init(exactly:))
        else { throw MalformedPayload() }
        return (transaction, Slot(question: question, provider: provider), shard)
    }

    /// At least 1 ms: 0 would expire a message that a consumer could still take.
    private static func expiration(_ moment: Timestamp, at now: Timestamp) -> Int64 {
        max(1, moment.since(now).wholeMilliseconds)
    }
}
