internal import Synchronization

/// Events on their way from the loop thread to the tasks that iterate over a consumer.
///
/// Bounded by the consumer's prefetch: the broker sends no more before earlier deliveries were settled.
final class ConsumerMailbox: Sendable {
    private struct State {
        var events: [ConsumerEvent] = []
        var head = 0
        var waiters: [(id: Int, continuation: CheckedContinuation<ConsumerEvent?, Never>)] = []
        var nextWaiter = 0
        var isFinished = false
        var isClosed = false

        mutating func popFirst() -> ConsumerEvent? {
            guard self.head < self.events.count else { return nil }
            let event = self.events[self.head]
            self.head += 1
            if self.head == self.events.count {
                self.events.removeAll(keepingCapacity: self.head <= 4_096)
                self.head = 0
            }
            return event
        }

        mutating func dropDeliveries() {
            self.events = self.events[self.head...].filter { if case .delivery = $0 { false } else { true } }
            self.head = 0
        }

        /// Pairs waiters with events, first come first served.
        mutating func match() -> [(CheckedContinuation<ConsumerEvent?, Never>, ConsumerEvent?)] {
            var matched: [(CheckedContinuation<ConsumerEvent?, Never>, ConsumerEvent?)] = []
            while !self.waiters.isEmpty {
                let event = self.popFirst()
                if event == nil && !self.isFinished { break }
                matched.append((self.waiters.removeFirst().continuation, event))
            }
            return matched
        }
    }

    private let state = Mutex(State())

    /// From the loop thread: one lock for all that one wake-up brought.
    func post(_ events: [ConsumerEvent]) {
        self.change { if !$0.isClosed { $0.events += events } }
    }

    /// Drops deliveries that nobody has seen, since they cannot be settled any more, and says so.
    func lose(_ error: AMQPError) {
        self.change { state in
            if state.isClosed { return }
            state.dropDeliveries()
            state.events.append(.deliveriesLost(error))
        }
    }

    /// No event will follow; those that wait here are still handed out.
    func finish() {
        self.change { $0.isFinished = true }
    }

    /// No event will follow, and deliveries that nobody has seen are dropped since they cannot be settled.
    func close() {
        self.change { state in
            state.dropDeliveries()
            state.isFinished = true
            state.isClosed = true
        }
    }

    private func change(_ body: (inout sending State) -> Void) {
        let matched = self.state.withLock { state in
            body(&state)
            return state.match()
        }
        for (continuation, event) in matched { continuation.resume(returning: event) }
    }

    /// `nil` at the end, or when the calling task is cancelled.
    func next() async -> ConsumerEvent? {
        enum Immediate {
            case event(ConsumerEvent?)
            case wait(Int)
        }
        let immediate = self.state.withLock { state -> Immediate in
            if let event = state.popFirst() { return .event(event) }
            if state.isFinished { return .event(nil) }
            state.nextWaiter += 1
            return .wait(state.nextWaiter)
        }
        switch immediate {
        case .event(let event):
            return event
        case .wait(let id):
            return await withTaskCancellationHandler {
                await withCheckedContinuation { self.wait(id, $0) }
            } onCancel: {
                let waiter = self.state.withLock { state in
                    state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0).continuation }
                }
                waiter?.resume(returning: nil)
            }
        }
    }

    private func wait(_ id: Int, _ continuation: CheckedContinuation<ConsumerEvent?, Never>) {
        self.change { state in
            // The cancellation handler may have run before there was anything to remove; the flag was set before it.
            if Task.isCancelled {
                continuation.resume(returning: nil)
            } else {
                state.waiters.append((id, continuation))
            }
        }
    }
}
