internal import Synchronization

/// One message on its way from a caller to the loop thread.
struct PublishRequest: Sendable {
    var publication: AMQPPublication
    /// Since the inbox's origin.
    var deadline: Duration
    var waiter: PublishWaiter
}

/// Who waits for the confirm of one message: a task of its own, or one place in a batch.
enum PublishWaiter: Sendable {
    case single(CheckedContinuation<AMQPError?, Never>, acknowledging: AMQPDeliveryTag? = nil)
    case member(PublishBatch, index: Int)

    /// The delivery that is done with as soon as the message is confirmed.
    var answeredDelivery: AMQPDeliveryTag? {
        if case .single(_, let tag) = self { tag } else { nil }
    }

    /// `nil` means confirmed.
    func resume(_ error: AMQPError?) {
        switch self {
        case .single(let continuation, _): continuation.resume(returning: error)
        case .member(let batch, let index): batch.resolved(index, error)
        }
    }
}

/// Collects the results of messages that were published together; one continuation for all of them.
final class PublishBatch: Sendable {
    private struct State {
        var results: [Result<Void, AMQPError>]
        var missing: Int
        var continuation: CheckedContinuation<[Result<Void, AMQPError>], Never>?
    }

    private let state: Mutex<State>

    init(count: Int, continuation: CheckedContinuation<[Result<Void, AMQPError>], Never>) {
        self.state = Mutex(
            State(results: Array(repeating: .success(()), count: count), missing: count, continuation: continuation))
    }

    func resolved(_ index: Int, _ error: AMQPError?) {
        let finished = self.state.withLock { state -> (() -> Void)? in
            if let error { state.results[index] = .failure(error) }
            state.missing -= 1
            guard state.missing == 0, let continuation = state.continuation else { return nil }
            state.continuation = nil
            let results = state.results
            return { continuation.resume(returning: results) }
        }
        finished?()
    }
}
