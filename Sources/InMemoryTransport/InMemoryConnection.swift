import Synchronization

/// One process's connection to the broker: its consumers live as long as it does.
final class InMemoryConnection: Sendable {
    private struct State {
        var isCut = false
        var isClosed = false
        /// What ends each consumer's stream.
        var finishers: [@Sendable () -> Void] = []
        /// What gives each consumer's messages back.
        var detachers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    var isCut: Bool { self.state.withLock { $0.isCut } }

    /// False when the connection takes no consumer any more.
    func register(finish: @escaping @Sendable () -> Void, detach: @escaping @Sendable () -> Void) -> Bool {
        self.state.withLock { state in
            guard !state.isCut, !state.isClosed else { return false }
            state.finishers.append(finish)
            state.detachers.append(detach)
            return true
        }
    }

    /// Graceful: no more deliveries; what was taken can still be settled.
    func close() {
        let finishers = self.state.withLock { state in
            state.isClosed = true
            return state.finishers
        }
        for finish in finishers { finish() }
    }

    /// As when the process is killed: everything that it held goes to others, and nothing that it does has any effect.
    func cut() {
        let (finishers, detachers) = self.state.withLock { state in
            state.isCut = true
            return (state.finishers, state.detachers)
        }
        for detach in detachers { detach() }
        for finish in finishers { finish() }
    }
}
