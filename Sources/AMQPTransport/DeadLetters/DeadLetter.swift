import AMQP
import Gateway
import SSBTEK

/// What a dead letter's headers tell; its content stays sealed and is discarded.
struct DeadLetter: Equatable {
    /// What is done about it besides recording and discarding.
    enum Remedy: Equatable {
        /// The work item came back too often: its section becomes an error instead of waiting for the deadline.
        case answer(TransactionID, Slot, shard: Int, deadline: Timestamp)
        /// The manifest came back too often: whoever waits is told.
        case refuse(TransactionID, ReplyAddress)
        /// Its time was up, or nobody waits for it: the deadline has taken care of it.
        case none
    }

    /// `manifest`, `work`, `answer`, `reply` or `unknown`.
    let kind: String
    /// The broker's reason: `expired`, `delivery_limit`, `rejected` or `maxlen`; else `unknown`.
    let reason: String
    let remedy: Remedy

    init(_ message: AMQPMessage) {
        let kind = MessageKind(rawValue: message.type ?? "")
        self.kind = kind?.rawValue ?? "unknown"
        let reasons = ["expired", "delivery_limit", "rejected", "maxlen"]
        let reason = message.headers.string("x-first-death-reason") ?? ""
        self.reason = reasons.contains(reason) ? reason : "unknown"
        self.remedy = self.reason == "expired" ? .none : Self.remedy(for: message, kind)
    }

    private static func remedy(for message: AMQPMessage, _ kind: MessageKind?) -> Remedy {
        switch kind {
        case .work:
            guard let (transaction, slot, shard) = try? MessageSealer.addressed(message, as: .work),
                let deadline = message.headers.integer(HeaderNames.deadline)
            else { return .none }
            return .answer(transaction, slot, shard: shard, deadline: Timestamp(milliseconds: deadline))
        case .manifest:
            guard let transaction = try? MessageSealer.transaction(of: message, as: .manifest),
                let address = message.headers.string(HeaderNames.replyAddress)
            else { return .none }
            return .refuse(transaction, ReplyAddress(address))
        case .answer, .reply, nil: return .none
        }
    }
}

extension DeadLetter {
    /// As the record has it.
    var deviation: Deviation {
        let transaction: TransactionID? =
            switch self.remedy {
            case .answer(let transaction, _, _, _), .refuse(let transaction, _): transaction
            case .none: nil
            }
        return Deviation(.deadLetter, transaction: transaction, reason: "\(self.kind) \(self.reason)")
    }
}
