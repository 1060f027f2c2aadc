/// What callers ask of the loop thread besides publishing and settling.
enum ConnectionCommand: Sendable {
    case subscribe(Subscription)
    case cancel(Int, CheckedContinuation<Void, Never>?)
    case close(Int)
    case request(QueueRequest, CheckedContinuation<Result<AMQPQueueReport?, AMQPError>, Never>)

    var operation: String {
        switch self {
        case .subscribe: "basic.consume"
        case .cancel: "basic.cancel"
        case .close: "channel.close"
        case .request(let request, _): request.operation
        }
    }

    /// Requests need a connection; everything about consumers is remembered until there is one.
    func refusal(whenConnected isConnected: Bool) -> AMQPError.Code? {
        switch self {
        case .request: isConnected ? nil : .notConnected
        case .subscribe, .cancel, .close: nil
        }
    }

    /// Answers whoever waits; used when the loop thread will not.
    func refuse(_ error: AMQPError) {
        switch self {
        case .subscribe(let subscription): subscription.mailbox.finish()
        case .cancel(_, let continuation): continuation?.resume()
        case .close: break
        case .request(_, let continuation): continuation.resume(returning: .failure(error))
        }
    }
}

/// A consumer as its owner asked for it; renewed on every connection.
struct Subscription: Sendable {
    var id: Int
    var queue: String
    var prefetch: UInt16
    var arguments: AMQPHeaders
    /// At the end of the connection: closed instead of cancelled.
    var handsBack: Bool
    var mailbox: ConsumerMailbox
}

/// Something asked about queues, done on a channel of its own so that a refusal costs nothing else.
enum QueueRequest: Sendable {
    case declare(Topology)
    case inspect(String)
    case purge(String)
    case delete(String)

    var operation: String {
        switch self {
        case .declare: "declare"
        case .inspect: "queue.declare passive"
        case .purge: "queue.purge"
        case .delete: "queue.delete"
        }
    }
}
