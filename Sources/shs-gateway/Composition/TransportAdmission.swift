import Gateway
import HTTPIngress
import Synchronization
import Trust

/// The first admission of a request: by the certificate of its client, before its body is read.
final class TransportAdmission: RequestAdmitting {
    private struct Known {
        var generation = 0
        /// By the client's own certificate.
        var parties: [[UInt8]: (parties: [Party], at: Int64)] = [:]
    }

    private let admission: Admission
    private let trust: TrustHolder
    private let clock: any GatewayClock
    private let known = Mutex(Known())
    /// Seconds: what the register says of a certificate changes with the snapshot, and with time where it is listed for a time.
    private static let recheckTime: Int64 = 60
    /// More certificates than that do not connect within a minute.
    private static let capacity = 4_096

    init(_ admission: Admission, trust: TrustHolder, clock: any GatewayClock) {
        self.admission = admission
        self.trust = trust
        self.clock = clock
    }

    func admit(_ client: [[UInt8]]) -> RequestAdmittance {
        switch self.admission.enter(self.parties(of: client)) {
        case .entered(let permit): .admitted(permit)
        case .refused(let time): .refused(retryAfter: time)
        }
    }

    /// Those that the client may send for; found once a minute, since it means reading the certificate.
    private func parties(of client: [[UInt8]]) -> [Party] {
        guard let leaf = client.first else { return [] }
        let now = self.clock.now().seconds
        let (generation, snapshot) = self.trust.state
        let found = self.known.withLock { known in
            if known.generation != generation { known = Known(generation: generation) }
            return known.parties[leaf].flatMap { (0..<Self.recheckTime).contains(now - $0.at) ? $0.parties : nil }
        }
        if let found { return found }
        let holder = snapshot.verifyClient(certificatesDER: client, at: now).holder
        let parties = holder.map { snapshot.parties.parties(reachedWith: $0, at: now) } ?? []
        self.known.withLock { known in
            guard known.generation == generation else { return }
            if known.parties.count >= Self.capacity { known.parties = [:] }
            known.parties[leaf] = (parties, now)
        }
        return parties
    }
}

extension AdmissionPermit: RequestPermit {}
