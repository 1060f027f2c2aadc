internal import COpenSSL
internal import Gateway

/// Decides about certificates: RFC 5280 §6 in libcrypto with all its revocation and policy checks, then our own floor
/// and usage.
///
/// One verifier belongs to one set of anchors and may be used by any number of threads. A verdict depends on nothing
/// but the arguments: revocation lists are those of `init`, nothing is fetched.
package struct CertificateVerifier: Sendable {
    /// How many certificates a peer may show beside its own: no honest path needs more.
    static let maximumIntermediates = 32

    let policy: TrustPolicy
    private let store: TrustStore
    let answers: RevocationAnswers

    /// - Parameters:
    ///   - anchors: Trust starts at the self-signed certificates among them.
    ///   - intermediates: Known authorities that help to complete a path; they are not trusted by themselves.
    ///   - answers: What OCSP says, asked beside the lists: ``RevocationAnswers`` says how they go together.
    package init(
        anchors: [Certificate], intermediates: [Certificate] = [], revocationLists: [RevocationList],
        answers: RevocationAnswers = .none, policy: TrustPolicy = TrustPolicy()
    ) throws(LibCryptoError) {
        self.policy = policy
        self.answers = answers
        self.store = try withCleanErrorQueue { () throws(LibCryptoError) in
            try TrustStore(
                anchors: anchors, intermediates: intermediates, revocationLists: revocationLists, policy: policy)
        }
    }

    /// Anchors and known intermediates.
    var known: [Certificate] { self.store.anchors + self.store.intermediates }

    /// Decides about one certificate.
    ///
    /// - Parameters:
    ///   - intermediates: What came with it; untrusted, used to build the path only.
    ///   - serverName: DNS name or address that a server's certificate must be for.
    ///   - instant: Seconds since 1970 (UTC). A certificate that ends at this second has expired.
    package func verify(
        _ certificate: Certificate, intermediates: [Certificate] = [], purpose: CertificatePurpose,
        serverName: String? = nil, at instant: Int64
    ) -> CertificateVerdict {
        self.decide(
            certificate, intermediates: intermediates, purpose: purpose, serverName: serverName, at: instant
        ).verdict
    }

    /// The verdict, and the next moment at which it may be another one; when time changes nothing, there is none.
    func decide(
        _ certificate: Certificate, intermediates: [Certificate], purpose: CertificatePurpose, serverName: String?,
        at instant: Int64
    ) -> (verdict: CertificateVerdict, until: Int64?) {
        withCleanErrorQueue {
            let recorder = PathRecorder(policy: self.policy, instant: instant)
            let helpers = self.store.intermediates + intermediates
            let (chain, completed) = self.buildPath(certificate, helpers: helpers, recorder: recorder, at: instant)
            let endsAtAnchor = completed && !recorder.leadsNowhere
            var judged =
                self.answered(recorder.judged, chain, endsAtAnchor: endsAtAnchor, at: instant)
                + self.ownFindings(chain, endsAtAnchor: endsAtAnchor, purpose: purpose, serverName: serverName)
            // A path that was not checked to its end is refused, however little was found until then.
            if !completed && recorder.judged.refusal == nil {
                judged.append(
                    self.policy.judgeHard(
                        .init(reason: .internalFailure, depth: 0, detail: "the path could not be checked")))
            }
            let verdict = CertificateVerdict(
                purpose: purpose, chain: chain.map(\.identity), checks: self.checks(serverName: serverName),
                skipped: endsAtAnchor ? [] : Self.libcryptoChecks, judged: judged)
            return (verdict, self.moments(of: chain).filter { $0 > instant }.min())
        }
    }

    /// When something begins or ends that a verdict on this path rests on.
    private func moments(of chain: [Certificate]) -> [Int64] {
        let skew = self.policy.clockSkewAllowance
        let answers = self.answers(about: chain).compactMap { $0 }
        let starts = chain.compactMap(\.notBefore) + self.store.revocationStarts
        let published = self.store.revocationEnds + answers.map(\.nextUpdate)
        let ends = chain.compactMap(\.notAfter) + published + answers.map(\.vouchedUntil)
        // Without a trap: a grace without limit never ends.
        let graces = published.map { $0 &+ skew &+ self.policy.revocationGrace }
        let early = self.store.revocationStarts.map { $0 - self.policy.startAllowance }
        return starts + starts.map { $0 - skew } + early + ends + ends.map { $0 + skew } + graces
    }

    /// Runs libcrypto's path building and validation; what it finds wrong goes to the recorder.
    private func buildPath(
        _ certificate: Certificate, helpers: [Certificate], recorder: PathRecorder, at instant: Int64
    ) -> (chain: [Certificate], completed: Bool) {
        guard let untrusted = try? CertificateStack(borrowing: helpers), let context = unsafe X509_STORE_CTX_new()
        else {
            return ([certificate], false)
        }
        defer { unsafe X509_STORE_CTX_free(context) }
        guard unsafe X509_STORE_CTX_init(context, self.store.pointer, certificate.pointer, untrusted.pointer) == 1
        else {
            return ([certificate], false)
        }
        unsafe X509_STORE_CTX_set0_crls(context, self.store.revocationStack)
        unsafe X509_STORE_CTX_set_time(context, 0, Int(instant))
        unsafe X509_STORE_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(recorder).toOpaque())
        unsafe X509_STORE_CTX_set_verify_cb(context, PathRecorder.callback)
        // The context only borrows these.
        let completed = withExtendedLifetime((recorder, helpers)) {
            withExtendedLifetime(untrusted) { unsafe X509_verify_cert(context) == 1 }
        }
        let chain = unsafe CertificateStack.certificates(of: X509_STORE_CTX_get0_chain(context))
        return (chain.isEmpty ? [certificate] : chain, completed)
    }

    /// What libcrypto does not check, or not as we want it.
    private func ownFindings(
        _ chain: [Certificate], endsAtAnchor: Bool, purpose: CertificatePurpose, serverName: String?
    ) -> [JudgedFinding] {
        var judged: [JudgedFinding] = []
        func found(_ reason: RefusalReason, _ depth: Int, _ detail: String) {
            judged.append(self.policy.judge(.init(reason: reason, depth: depth, detail: detail)))
        }
        let usage = UsageCheck(purpose: purpose)
        for (depth, certificate) in chain.enumerated() {
            let isAnchor = endsAtAnchor && depth == chain.count - 1
            if certificate.hasBrokenExtension {
                // What is written in it, a constraint perhaps, nobody knows.
                judged.append(
                    self.policy.judgeHard(
                        .init(reason: .malformed, depth: depth, detail: "an extension cannot be read")))
            }
            if !self.policy.algorithms.accepts(keyOf: certificate) {
                found(.weakAlgorithm, depth, "the key is below the floor")
            }
            // Nobody relies on an anchor's signature over itself.
            if !isAnchor && !self.policy.algorithms.accepts(signatureOf: certificate) {
                found(.weakAlgorithm, depth, "the signature is below the floor")
            }
            let objection =
                depth == 0
                ? usage.objection(to: certificate) : isAnchor ? nil : usage.objection(toAuthority: certificate)
            if let objection { found(.wrongUsage, depth, objection) }
        }
        if let serverName, let holder = chain.first, !holder.names(server: serverName) {
            found(.wrongServerName, 0, "the certificate is for another server")
        }
        return judged
    }

    /// What is not decided when the path leads nowhere.
    private static let libcryptoChecks: Set<TrustCheck.Kind> = [
        .path, .pathSignatures, .validity, .extensions, .authorities, .nameConstraints, .policies, .revocation,
    ]

    private func checks(serverName: String?) -> [TrustCheck.Kind] {
        TrustCheck.Kind.allCases.filter { kind in
            switch kind {
            case .structure, .signature: false
            case .serverName: serverName != nil
            case .revocation: self.policy.requiresRevocation
            default: true
            }
        }
    }
}

extension CertificateVerdict {
    /// The verdict on bytes that are no certificate.
    static func unreadable(purpose: CertificatePurpose, detail: String) -> Self {
        Self(
            purpose: purpose, chain: [], checks: [.extensions],
            judged: [
                JudgedFinding(finding: .init(reason: .malformed, depth: 0, detail: detail), disposition: .fail)
            ])
    }
}
