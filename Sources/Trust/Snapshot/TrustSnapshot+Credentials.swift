extension TrustSnapshot {
    /// What the SHS endpoint shows and proves itself with; nil in a role that serves no clients, and when all have run
    /// out.
    package func server(at instant: Int64) -> OwnCredential? { self.parts.own.server.current(at: instant) }

    /// What replies are signed with; nil in a role that signs none, and when all have run out.
    package func replySigner(at instant: Int64) -> OwnCredential? { self.parts.own.replySigner.current(at: instant) }

    /// What a base service is called with: one of its own, else the one for all; nil in a role that calls none, and when
    /// all have run out.
    package func providerClient(for provider: String, at instant: Int64) -> OwnCredential? {
        (self.parts.own.providerClients[provider] ?? self.parts.own.providerClient).current(at: instant)
    }

    /// What the broker is shown; nil when the set holds nothing for this role.
    package func brokerClient(at instant: Int64) -> OwnCredential? { self.parts.own.brokerClient.current(at: instant) }

    /// The next moment at which another own credential is to be used; nil when none is.
    package func nextChange(after instant: Int64) -> Int64? { self.parts.own.nextChange(after: instant) }

    /// PEM of the anchors of transport certificates, for the list of acceptable authorities in the TLS handshake.
    package var clientAnchorsPEM: [UInt8]? {
        self.role.servesClients ? self.parts.authorities.anchorsPEM[.clients] : nil
    }

    /// PEM of the anchors of base services.
    package var providerAnchorsPEM: [UInt8]? {
        self.role.callsProviders ? self.parts.authorities.anchorsPEM[.providers] : nil
    }

    /// PEM of the anchors of the broker; nil when the set holds none.
    package var brokerAnchorsPEM: [UInt8]? { self.parts.authorities.anchorsPEM[.broker] }

    /// The file that they are in.
    package var brokerAnchorsPath: String? {
        self.brokerAnchorsPEM.map { _ in "\(self.parts.directory.path)/anchors/\(Authorities.Kind.broker.rawValue).pem"
        }
    }

    /// A detached signature with the reply key of this moment, DER; nil where ``replySigner(at:)`` is.
    package func signature(over content: [UInt8], at instant: Int64) throws(SigningError) -> [UInt8]? {
        try self.replySigner(at: instant).flatMap(CMSSigner.init)?.signature(over: content)
    }

    /// The same; holds no thread while a token works.
    package func sign(_ content: [UInt8], at instant: Int64) async throws(SigningError) -> [UInt8]? {
        try await self.replySigner(at: instant).flatMap(CMSSigner.init)?.sign(content)
    }
}

extension TrustSnapshot {
    /// Anchors and intermediates of the peers that this role judges, DER; empty in a role that judges nobody.
    package var authoritiesDER: [[UInt8]] { self.parts.authorities.certificates(of: self.role.peers).map(\.der) }
}
