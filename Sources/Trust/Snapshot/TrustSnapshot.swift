package import Gateway
package import SHS

/// One immutable, numbered set of own keys and certificates, anchors, revocation lists and the party register.
///
/// It is loaded and checked as a whole; a process swaps one for the next. Any number of threads may use it.
package struct TrustSnapshot: Sendable {
    /// The set's.
    package let number: Int
    package let role: TrustRole
    package let policy: TrustPolicy
    /// Empty in a role that serves no clients.
    package let parties: PartyRegister
    /// What staff should look at: nothing of it stops the snapshot from being used.
    package let warnings: [TrustWarning]
    /// Own certificates of this role, all anchors and intermediates, and the lists that the role decides with.
    package let inventory: [InventoryEntry]

    /// What OCSP responders say about single certificates.
    package let answers: RevocationAnswers

    let parts: TrustParts
    let lists: RevocationLists
    private let clients: CachingVerifier?
    private let providers: CachingVerifier?
    private let messages: CMSVerifier?

    init(
        _ parts: TrustParts, lists: RevocationLists, answers: RevocationAnswers, at instant: Int64
    ) throws(TrustError) {
        func verifier(_ kind: Authorities.Kind) throws(TrustError) -> CertificateVerifier {
            try parts.authorities.verifier(
                of: kind, revocationLists: lists.lists, answers: answers, policy: parts.policy)
        }
        let role = parts.role
        self.number = parts.number
        self.role = role
        self.policy = parts.policy
        self.parties = parts.parties
        self.parts = parts
        self.lists = lists
        self.answers = answers
        self.clients = role.servesClients ? CachingVerifier(try verifier(.clients)) : nil
        self.messages = role.servesClients ? CMSVerifier(certificates: try verifier(.signers)) : nil
        self.providers = role.callsProviders ? CachingVerifier(try verifier(.providers)) : nil
        self.warnings =
            parts.own.warnings(at: instant)
            + parts.authorities.warnings(
                for: role.peers, revocationLists: parts.policy.requiresRevocation ? lists.lists : nil,
                answers: answers, at: instant)
            + lists.warnings
        self.inventory = parts.own.inventory + parts.authorities.inventory + lists.inventory
    }

    /// Checks a message's signature; the outcome's content is all that may be read on.
    ///
    /// Only roles that serve clients have anchors for it: for others every signer is untrusted.
    package func outcome(of entity: SignedEntity.Form, at instant: Int64) -> CMSVerifier.Outcome {
        self.messages?.verify(entity, at: instant) ?? .noAnchors
    }

    /// Decides about the certificate of a signer without a message: DER, the signer's own first.
    package func verifySigner(certificatesDER: [[UInt8]], at instant: Int64) -> CertificateVerdict {
        self.messages?.verifySigner(der: certificatesDER, at: instant) ?? .noAnchors(purpose: .signer)
    }

    /// Decides about a transport certificate: DER, the peer's own first.
    package func verifyClient(certificatesDER: [[UInt8]], at instant: Int64) -> CertificateVerdict {
        self.clients?.verify(der: certificatesDER, purpose: .client, at: instant)
            ?? .noAnchors(purpose: .client)
    }

    /// Decides about a base service's certificate, which has to be for `host`.
    package func verifyServer(certificatesDER: [[UInt8]], host: String, at instant: Int64) -> CertificateVerdict {
        self.providers?.verify(der: certificatesDER, purpose: .server, serverName: host, at: instant)
            ?? .noAnchors(purpose: .server)
    }
}

extension CertificateVerdict {
    /// The verdict of a role that has no business with such certificates.
    fileprivate static func noAnchors(purpose: CertificatePurpose) -> Self {
        Self(
            purpose: purpose, chain: [], checks: [.path],
            judged: [
                JudgedFinding(
                    finding: .init(
                        reason: .untrusted, depth: 0, detail: "this role has no anchors for the purpose"),
                    disposition: .fail)
            ])
    }
}

extension CMSVerifier.Outcome {
    fileprivate static var noAnchors: Self {
        Self(verdict: .refused(.untrusted, "this role has no anchors for signers"), content: nil)
    }
}
