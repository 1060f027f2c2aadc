/// All own certificates of a set that a role may use, by their use.
struct OwnCredentialSet: Sendable {
    /// What the SHS endpoint shows and proves itself with.
    let server: OwnCredentials
    let replySigner: OwnCredentials
    /// What base services are called with, unless there is one of their own.
    let providerClient: OwnCredentials
    let providerClients: [String: OwnCredentials]
    /// What the broker is shown.
    let brokerClient: OwnCredentials

    private static let providerFolder = "node/provider-client"

    init(
        in directory: TrustDirectory, role: TrustRole, policy: TrustPolicy, at instant: Int64
    ) throws(TrustError) {
        var problems = TrustProblems()
        func credentials(
            _ folder: String, _ purpose: CertificatePurpose, isRequired: Bool, allowsFolders: Bool = false
        ) -> OwnCredentials {
            problems.gather { () throws(TrustError) in
                try OwnCredentials(
                    in: folder, of: directory, purpose: purpose, policy: policy, isRequired: isRequired,
                    allowsFolders: allowsFolders, at: instant)
            } ?? .none
        }
        self.server = role.servesClients ? credentials("node/tls-server", .server, isRequired: true) : .none
        self.replySigner = role.signsReplies ? credentials("node/reply-signing", .signer, isRequired: true) : .none
        var own: [String: OwnCredentials] = [:]
        if role.callsProviders {
            for name in directory.names(in: Self.providerFolder) where name.hasSuffix("/") {
                let provider = String(name.dropLast())
                own[provider] = credentials("\(Self.providerFolder)/\(provider)", .client, isRequired: true)
            }
        }
        self.providerClients = own
        self.providerClient =
            role.callsProviders
            ? credentials(Self.providerFolder, .client, isRequired: own.isEmpty, allowsFolders: true) : .none
        self.brokerClient = credentials("node/broker-client/\(role.rawValue)", .client, isRequired: false)
        try problems.throwIfAny()
    }

    /// Every kind with its folder.
    private var kinds: [(kind: InventoryEntry.Kind, folder: String, credentials: OwnCredentials)] {
        [
            (.server, "node/tls-server", self.server), (.replySigner, "node/reply-signing", self.replySigner),
            (.providerClient, Self.providerFolder, self.providerClient),
        ]
            + self.providerClients.sorted { $0.key < $1.key }.map {
                (.providerClient, "\(Self.providerFolder)/\($0.key)", $0.value)
            }
            + [(.brokerClient, "node/broker-client", self.brokerClient)]
    }

    func nextChange(after instant: Int64) -> Int64? {
        self.kinds.compactMap { $0.credentials.nextChange(after: instant) }.min()
    }

    func warnings(at instant: Int64) -> [TrustWarning] {
        self.kinds.flatMap { kind in
            kind.credentials.all.filter { $0.notAfter <= instant }.map { .ownCertificateExpired(file: $0.file) }
        }
    }

    var inventory: [InventoryEntry] {
        self.kinds.flatMap { kind in
            kind.credentials.all.flatMap { credential in
                credential.certificates.enumerated().map { index, certificate in
                    InventoryEntry(index == 0 ? kind.kind : .ownAuthority, certificate, file: credential.file)
                }
            }
        }
    }
}
