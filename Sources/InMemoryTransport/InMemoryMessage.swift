package import Gateway
package import SSBTEK

/// What a queue in memory holds; in the clear, since nothing leaves the process.
package enum InMemoryMessage: Sendable {
    case manifest(Manifest)
    case work(WorkItem)
    case answer(ProviderAnswer)
    case reply(Reply)
    /// Bytes that nobody can read.
    case unreadable

    package var transaction: TransactionID? {
        switch self {
        case .manifest(let manifest): manifest.transaction
        case .work(let item): item.transaction
        case .answer(let answer): answer.transaction
        case .reply(let reply): reply.transaction
        case .unreadable: nil
        }
    }

    package var slot: Slot? {
        switch self {
        case .work(let item): item.slot
        case .answer(let answer): answer.slot
        case .manifest, .reply, .unreadable: nil
        }
    }

    package var kind: String {
        switch self {
        case .manifest: "manifest"
        case .work: "work"
        case .answer: "answer"
        case .reply: "reply"
        case .unreadable: "unreadable"
        }
    }

    /// How long it may wait in a queue, by its publisher's clock: as on AMQP, a work item until its deadline, everything
    /// else thirty seconds longer than anybody has a use for it.
    func timeToLive(at now: Timestamp) -> Duration {
        let grace: Duration = .seconds(30)
        let time: Duration =
            switch self {
            case .manifest(let manifest): manifest.deadline.since(now) + grace
            case .work(let item): item.deadline.since(now)
            case .answer(let answer): answer.deadline.since(now) + grace
            case .reply, .unreadable: grace
            }
        return max(time, .milliseconds(1))
    }
}

/// A message in the broker, by a number that is never used again.
package struct InMemoryEnvelope: Sendable {
    package let number: UInt64
    package let message: InMemoryMessage
}

/// A queue's name.
package enum InMemoryQueueName: Hashable, Sendable, CustomStringConvertible {
    case work(Provider)
    case correlate(Int)
    case reply(ReplyAddress)

    package var description: String {
        switch self {
        case .work(let provider): "work.\(provider.rawValue)"
        case .correlate(let shard): "correlate.\(shard)"
        case .reply(let address): address.text
        }
    }
}
