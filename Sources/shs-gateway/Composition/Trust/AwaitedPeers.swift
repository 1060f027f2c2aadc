import Synchronization

/// Peers that were refused for nothing but that their revocation is not known: certificates of an issuer that offers only
/// OCSP, shown for the first time.
///
/// The refusal itself asks nobody. It notes the certificate, wakes the service that fetches ahead of time, and the next
/// request some seconds later finds the answer. They are kept in memory only: accepted peers are noted by ``ShownPeers``.
final class AwaitedPeers: Sendable {
    /// Certificates; a stranger cannot add any, since everything but the revocation is in order.
    private static let capacity = 1_000
    /// Seconds for which an answer is asked for; whoever comes back after that begins anew.
    private static let memory: Int64 = 600

    private struct State {
        var noted: [[UInt8]: Int64] = [:]
        var wake: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())

    /// - Parameter wake: called when there is a certificate that was not there before.
    func follow(_ wake: @escaping @Sendable () -> Void) { self.state.withLock { $0.wake = wake } }

    /// - Parameter chain: DER; what was shown, its holder's certificate first.
    func note(_ chain: [[UInt8]], at instant: Int64) {
        let wake = self.state.withLock { state -> (@Sendable () -> Void)? in
            let isNews = chain.contains { state.noted[$0] == nil }
            if isNews { Self.forget(&state, at: instant) }
            for certificate in chain.prefix(4)
            where state.noted[certificate] != nil || state.noted.count < Self.capacity {
                state.noted[certificate] = instant
            }
            return isNews ? state.wake : nil
        }
        wake?()
    }

    /// The certificates whose revocation is to be asked for, DER.
    func certificates(at instant: Int64) -> [[UInt8]] {
        self.state.withLock { state in
            Self.forget(&state, at: instant)
            return Array(state.noted.keys)
        }
    }

    private static func forget(_ state: inout State, at instant: Int64) {
        state.noted = state.noted.filter { (0..<Self.memory).contains(instant - $0.value) }
    }
}
