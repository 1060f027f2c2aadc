package import Gateway
package import SHS

/// One immutable, numbered set of own keys and certificates, anchors, revocation lists and the party register.
///
/// It is loaded and checked as a whole; a process swaps one for the next. Any number of threads may use it.
package struct TrustSnapshot: Sendable {
    package let number: Int
    package let role: TrustRole
    package let parties: PartyRegister
    /// What the SHS endpoint shows and proves itself with; only where clients are served.
    package let server: OwnCredential?
    /// What base services are called with; only where they are called.
    package let providerClient: OwnCredential?
    /// PEM of the anchors of transport certificates, for the list of acceptable authorities in the TLS handshake.
    package let clientAnchorsPEM: [UInt8]?
    /// PEM of the anchors of base services.
    package let providerAnchorsPEM: [UInt8]?
    /// What staff should look at: nothing of it stops the snapshot from being used.
    package let warnings: [TrustWarning]

    private let signer: CMSSigner?
    private let clients: CachingVerifier?
    private let providers: CachingVerifier?
    private let messages: CMSVerifier?

    /// Loads what the role may read from a folder laid out as Certificates/README.md says.
    ///
    /// - Parameter instant: Seconds since 1970 (UTC) at which everything must be valid.
    package static func load(
        directory path: String, role: TrustRole, parties: PartyRegister, policy: TrustPolicy = TrustPolicy(),
        number: Int = 1, at instant: Int64
    ) throws(TrustError) -> TrustSnapshot {
        let directory = TrustDirectory(path: path)
        let authorities = role.peers.isEmpty ? .none : try Authorities(in: directory)
        try authorities.require(role.peers)
        let needsLists = policy.requiresRevocation && !role.peers.isEmpty
        let lists =
            needsLists
            ? try RevocationLists(
                in: directory, for: role.peers, authorities: authorities, policy: policy, at: instant
            ).lists : []
        return try TrustSnapshot(
            directory: directory, role: role, parties: parties, policy: policy, number: number, instant: instant,
            authorities: authorities, lists: lists)
    }

    private init(
        directory: TrustDirectory, role: TrustRole, parties: PartyRegister, policy: TrustPolicy, number: Int,
        instant: Int64, authorities: Authorities, lists: [RevocationList]
    ) throws(TrustError) {
        func credential(_ file: String, _ purpose: CertificatePurpose) throws(TrustError) -> OwnCredential {
            try OwnCredential(file: file, in: directory, purpose: purpose, policy: policy, at: instant)
        }
        func verifier(_ kind: Authorities.Kind) throws(TrustError) -> CertificateVerifier {
            try authorities.verifier(of: kind, revocationLists: lists, policy: policy)
        }
        self.number = number
        self.role = role
        self.parties = parties
        self.server = role.servesClients ? try credential("node/tls-server", .server) : nil
        self.clients = role.servesClients ? CachingVerifier(try verifier(.clients)) : nil
        self.messages = role.servesClients ? CMSVerifier(certificates: try verifier(.signers)) : nil
        self.clientAnchorsPEM = role.servesClients ? authorities.anchorsPEM[.clients] : nil
        self.providerClient = role.callsProviders ? try credential("node/provider-client", .client) : nil
        self.providers = role.callsProviders ? CachingVerifier(try verifier(.providers)) : nil
        self.providerAnchorsPEM = role.callsProviders ? authorities.anchorsPEM[.providers] : nil
        let signing = role.signsReplies ? try credential("node/reply-signing", .signer) : nil
        self.signer = signing.flatMap(CMSSigner.init)
        self.warnings = authorities.warnings(
            for: role.peers, revocationLists: policy.requiresRevocation ? lists : nil, at: instant)
    }

    /// Checks a message's signature; the outcome's content is all that may be read on.
    ///
    /// Only roles that serve clients have anchors for it: for others every signer is untrusted.
    package func outcome(of entity: SignedEntity.Form, at instant: Int64) -> CMSVerifier.Outcome {
        self.messages?.verify(entity, at: instant) ?? .noAnchors
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

    /// A detached signature with the reply key, DER; nil in a role that has no such key.
    package func signature(over content: [UInt8]) throws(LibCryptoError) -> [UInt8]? {
        try self.signer?.signature(over: content)
    }
}

extension CertificateVerdict {
    /// The verdict of a role that has no business with such certificates.
    fileprivate static func noAnchors(purpose: CertificatePurpose) -> Self {
        Self(
            purpose: purpose, chain: [], checks: [.path],
            findings: [.init(reason: .untrusted, depth: 0, detail: "this role has no anchors for the purpose")])
    }
}

extension CMSVerifier.Outcome {
    fileprivate static var noAnchors: Self {
        Self(verdict: .refused(.untrusted, "this role has no anchors for signers"), content: nil)
    }
}
