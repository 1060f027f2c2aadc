import HTTPIngress
import Synchronization

/// The stages behind the ingress: answers what the test says, and remembers what it was given.
final class TestHandler: RequestHandling {
    private let answer: @Sendable (InboundRequest) async -> OutboundResponse
    private let received = Mutex<[InboundRequest]>([])
    private let remembers: Bool

    /// - Parameter remembers: off where what a request holds is to end with it.
    init(
        remembers: Bool = true,
        _ answer: @escaping @Sendable (InboundRequest) async -> OutboundResponse = { .reply($0.body) }
    ) {
        self.remembers = remembers
        self.answer = answer
    }

    var requests: [InboundRequest] { self.received.withLock { $0 } }

    func handle(_ request: InboundRequest) async -> OutboundResponse {
        if self.remembers { self.received.withLock { $0.append(request) } }
        return await self.answer(request)
    }
}

/// Keeps handlers waiting until the test opens it.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var arrivals: [CheckedContinuation<Void, Never>] = []
        var arrived = 0
    }

    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { continuation in
            let (isOpen, arrivals) = self.state.withLock { state in
                state.arrived += 1
                if !state.isOpen { state.waiting.append(continuation) }
                defer { state.arrivals = [] }
                return (state.isOpen, state.arrivals)
            }
            for arrival in arrivals { arrival.resume() }
            if isOpen { continuation.resume() }
        }
    }

    /// Returns when somebody has come to the gate.
    func someoneWaits() async {
        await withCheckedContinuation { continuation in
            let already = self.state.withLock { state in
                if state.arrived == 0 { state.arrivals.append(continuation) }
                return state.arrived > 0
            }
            if already { continuation.resume() }
        }
    }

    func open() {
        let waiting = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
