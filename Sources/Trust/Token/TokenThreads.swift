import Dispatch
import Synchronization

/// Threads on which a token may take its time: so many calls at once as there are sessions, others wait for their turn.
///
/// Nobody waits longer than the limit. A call cannot be interrupted: when its time is over its caller gets the error, and
/// the thread stays with the token until that lets go of it.
final class TokenThreads: Sendable {
    private struct State {
        /// Each serial, so that it has a thread of its own while it works.
        var idle: [DispatchQueue]
        var waiting: [@Sendable () -> Void] = []
    }

    /// From the moment of asking.
    let limit: Duration
    private let state: Mutex<State>
    /// More would not be served in time by any token.
    private static let maximumWaiting = 256

    init(count: Int, limit: Duration) {
        self.limit = limit
        self.state = Mutex(State(idle: (0..<count).map { DispatchQueue(label: "token-\($0)") }))
    }

    /// Runs `body` on a thread of its own when there is a turn for it.
    ///
    /// - Parameters:
    ///   - late: Gets what came when the caller had its error already.
    ///   - done: Called once, from any thread, within the limit.
    func start<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value, late: @escaping @Sendable (Value) -> Void,
        done: @escaping @Sendable (Result<Value, TokenError>) -> Void
    ) {
        let call = Call(done)
        let work: @Sendable () -> Void = {
            // Its caller has gone: nothing was begun, so nothing has to be put back.
            if call.isOver { return }
            let value = body()
            if !call.end(.success(value)) { late(value) }
        }
        let queue: DispatchQueue?
        do throws(TokenError) {
            queue = try self.state.withLock { state throws(TokenError) in
                if let queue = state.idle.popLast() { return queue }
                guard state.waiting.count < Self.maximumWaiting else { throw TokenError(.busy) }
                state.waiting.append(work)
                return nil
            }
        } catch {
            _ = call.end(.failure(error))
            return
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(self.limit / .nanoseconds(1)))) {
            [weak call] in _ = call?.end(.failure(TokenError(.tooSlow)))
        }
        if let queue { self.run(work, on: queue) }
    }

    /// The same for a thread that may wait, as at start.
    func wait<Value: Sendable>(
        for body: @escaping @Sendable () -> Value, late: @escaping @Sendable (Value) -> Void = { _ in }
    ) throws(TokenError) -> Value {
        let box = Box<Value>()
        self.start(body, late: late, done: box.put(_:))
        return try box.take().get()
    }

    private func run(_ work: @escaping @Sendable () -> Void, on queue: DispatchQueue) {
        queue.async {
            work()
            let next = self.state.withLock { state in
                if state.waiting.isEmpty { state.idle.append(queue) }
                return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            }
            if let next { self.run(next, on: queue) }
        }
    }

    /// One call and whom it answers, once.
    private final class Call<Value: Sendable>: Sendable {
        private let done: Mutex<(@Sendable (Result<Value, TokenError>) -> Void)?>

        init(_ done: @escaping @Sendable (Result<Value, TokenError>) -> Void) {
            self.done = Mutex(done)
        }

        var isOver: Bool { self.done.withLock { $0 == nil } }

        /// Whether this was the answer.
        func end(_ result: Result<Value, TokenError>) -> Bool {
            let done = self.done.withLock { done in
                defer { done = nil }
                return done
            }
            done?(result)
            return done != nil
        }
    }
}

/// A result that a thread waits for.
final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Result<Value, TokenError>?>(nil)
    private let filled = DispatchSemaphore(value: 0)

    func put(_ result: Result<Value, TokenError>) {
        self.value.withLock { $0 = result }
        self.filled.signal()
    }

    func take() -> Result<Value, TokenError> {
        self.filled.wait()
        return self.value.withLock { $0 } ?? .failure(TokenError(.busy))
    }
}
