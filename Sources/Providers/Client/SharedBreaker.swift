internal import Synchronization

/// A breaker that several ask at the same time; tells of each change once, in order.
final class SharedBreaker: Sendable {
    private let breaker: Mutex<CircuitBreaker>
    private let onChange: @Sendable (CircuitBreaker.State) -> Void

    init(_ configuration: BreakerConfiguration, onChange: @escaping @Sendable (CircuitBreaker.State) -> Void) {
        self.breaker = Mutex(CircuitBreaker(configuration))
        self.onChange = onChange
    }

    var state: CircuitBreaker.State { self.breaker.withLock { $0.state } }

    func ask() -> CircuitBreaker.Ticket? { self.change { $0.ask(at: .now) } }

    func ended(_ ticket: CircuitBreaker.Ticket, _ result: CircuitBreaker.Result) {
        self.change { $0.ended(ticket, result, at: .now) }
    }

    /// Told inside the lock: two changes must not be told in the wrong order, and the one who is told only notes it.
    private func change<Value: Sendable>(_ body: @Sendable (inout CircuitBreaker) -> Value) -> Value {
        self.breaker.withLock { breaker in
            let before = breaker.state
            let value = body(&breaker)
            if breaker.state != before { self.onChange(breaker.state) }
            return value
        }
    }
}
