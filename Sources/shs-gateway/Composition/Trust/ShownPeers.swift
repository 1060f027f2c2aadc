import Gateway
import SHS
import ServiceLifecycle
import Synchronization
import Trust

/// Notes the certificates of the peers that are accepted, for rehearsals: each once an hour, so that it costs requests
/// nothing.
final class ShownPeers: Sendable {
    /// Seconds.
    private static let pause: Int64 = 3_600

    private struct Key: Hashable {
        let purpose: CertificatePurpose
        let fingerprint: String
    }

    /// Those that may be accepted soon.
    let awaited = AwaitedPeers()
    private let seen: SeenCertificates
    private let noted = Mutex<[Key: Int64]>([:])

    init(stateDirectory: String) { self.seen = SeenCertificates(stateDirectory: stateDirectory) }

    /// What writes them down.
    var service: any Service { self.seen }

    /// A peer was accepted; `shown` is asked only when it is time to note it again.
    func accepted(
        _ fingerprint: String, for purpose: CertificatePurpose, at instant: Int64, _ shown: () -> ShownCertificate?
    ) {
        let isDue = self.noted.withLock { noted in
            let key = Key(purpose: purpose, fingerprint: fingerprint)
            if let last = noted[key], (0..<Self.pause).contains(instant - last) { return false }
            if noted.count >= SeenCertificates.capacity { noted.removeAll() }
            noted[key] = instant
            return true
        }
        if isDue, let certificate = shown() { self.seen.note(certificate) }
    }
}

/// One snapshot, which also notes the signers that it accepts.
struct NotingVerifier: MessageVerifying {
    let snapshot: TrustSnapshot
    let peers: ShownPeers

    var parties: PartyRegister { self.snapshot.parties }

    func verify(_ form: SignedEntity.Form, at instant: Int64) -> VerificationResult {
        let result = self.snapshot.verify(form, at: instant)
        switch result {
        case .verified(let content, _):
            self.peers.accepted(content.signer.fingerprint, for: .signer, at: instant) {
                ShownCertificate(signerOf: form)
            }
        case .refused(.revocationUnknown, _):
            if let shown = ShownCertificate(signerOf: form) { self.peers.awaited.note(shown.chain, at: instant) }
        case .refused: break
        }
        return result
    }

    func identifyClient(_ certificates: [[UInt8]], at instant: Int64) -> CertificateIdentity? {
        self.snapshot.identifyClient(certificates, at: instant)
    }
}
