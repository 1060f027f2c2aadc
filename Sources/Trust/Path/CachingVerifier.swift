internal import Gateway
internal import Synchronization

/// A verifier that remembers whom it accepted, for as long as the answer cannot have changed.
///
/// A verdict follows from the certificates shown, the snapshot's anchors and lists, and time. Within one snapshot an
/// accepted certificate therefore stays accepted, with the same warnings, until the next moment at which a certificate
/// of its path or a revocation list begins or ends to count. A refusal is never remembered.
final class CachingVerifier: Sendable {
    private struct Entry {
        let verdict: CertificateVerdict
        let from: Int64
        let until: Int64
    }
    private struct Key: Hashable {
        let purpose: CertificatePurpose
        let serverName: String?
        /// Fingerprints of the certificates that were shown, so that a key takes little however large they are.
        let shown: [[UInt8]]
    }

    /// When full, everything is forgotten: parties are far fewer.
    private static let capacity = 4_096
    /// Seconds; a bound for what the verdict does not show, such as the end of a list signer's own certificate.
    private static let longestMemory: Int64 = 300

    private let verifier: CertificateVerifier
    private let entries = Mutex<[Key: Entry]>([:])

    init(_ verifier: CertificateVerifier) { self.verifier = verifier }

    var policy: TrustPolicy { self.verifier.policy }

    /// The certificates of the snapshot itself.
    var known: [Certificate] { self.verifier.known }

    func verify(
        _ certificate: Certificate, intermediates: [Certificate], purpose: CertificatePurpose,
        serverName: String? = nil, at instant: Int64
    ) -> CertificateVerdict {
        let shown = ([certificate] + intermediates).map(\.fingerprint)
        return self.remembered(Key(purpose: purpose, serverName: serverName, shown: shown), at: instant) {
            self.verifier.decide(
                certificate, intermediates: intermediates, purpose: purpose, serverName: serverName, at: instant)
        }
    }

    /// Certificates as a connection shows them: libcrypto takes 0.15 ms to parse one, so those seen before are not parsed.
    func verify(
        der chain: [[UInt8]], purpose: CertificatePurpose, serverName: String? = nil, at instant: Int64
    ) -> CertificateVerdict {
        // More than these are not looked at, so they are no part of the answer.
        let shown = chain.prefix(1 + CertificateVerifier.maximumIntermediates)
        let key = Key(purpose: purpose, serverName: serverName, shown: shown.map { Certificate.fingerprint(der: $0) })
        return self.remembered(key, at: instant) {
            self.verifyUnseen(der: shown, purpose: purpose, serverName: serverName, at: instant)
        }
    }

    private func remembered(
        _ key: Key, at instant: Int64, _ decide: () -> (verdict: CertificateVerdict, until: Int64?)
    ) -> CertificateVerdict {
        let found = self.entries.withLock { $0[key] }
        if let found, found.from <= instant, instant < found.until { return found.verdict }
        let (verdict, until) = decide()
        if verdict.accepted {
            let end = min(until ?? .max, instant + Self.longestMemory)
            let entry = Entry(verdict: verdict, from: instant, until: end)
            self.entries.withLock { entries in
                if entries.count >= Self.capacity { entries.removeAll() }
                entries[key] = entry
            }
        }
        return verdict
    }

    private func verifyUnseen(
        der chain: ArraySlice<[UInt8]>, purpose: CertificatePurpose, serverName: String?, at instant: Int64
    ) -> (verdict: CertificateVerdict, until: Int64?) {
        var certificates: [Certificate] = []
        for der in chain {
            guard let certificate = try? Certificate(der: der) else {
                return (.unreadable(purpose: purpose, detail: "the certificate cannot be read"), nil)
            }
            certificates.append(certificate)
        }
        guard let holder = certificates.first else {
            return (.unreadable(purpose: purpose, detail: "there is no certificate"), nil)
        }
        return self.verifier.decide(
            holder, intermediates: Array(certificates.dropFirst()), purpose: purpose, serverName: serverName,
            at: instant)
    }
}
