internal import SSBTEK

/// All own certificates of a set that a role may use, by their use.
struct OwnCredentialSet: Sendable {
    /// What the SHS endpoint shows and proves itself with.
    let server: OwnCredentials
    let replySigner: OwnCredentials
    /// What seals of the audit record are signed with.
    let recordSigner: OwnCredentials
    /// What base services are called with, unless there is one of their own.
    let providerClient: OwnCredentials
    let providerClients: [String: OwnCredentials]
    /// What the broker is shown.
    let brokerClient: OwnCredentials

    private static let providerFolder = "node/provider-client"
    private static let brokerFolder = "node/broker-client"

    init(
        in directory: TrustDirectory, role: TrustRole, policy: TrustPolicy, at instant: Int64
    ) throws(TrustError) {
        var problems = TrustProblems()
        // A folder with a mistyped name would be read by nobody, and so its certificates not be used.
        for (folder, known) in Self.folders {
            for name in directory.names(in: folder)
            where name.hasSuffix("/") && !known.contains(String(name.dropLast())) {
                problems.add("\(folder)/\(name)", .unknownFolder(known: known.joined(separator: ", ")))
            }
        }
        func credentials(
            _ folder: String, _ purpose: CertificatePurpose, isRequired: Bool, allowsFolders: Bool = false
        ) -> OwnCredentials {
            problems.gather { () throws(TrustError) in
                try OwnCredentials(
                    in: folder, of: directory, purpose: purpose, policy: policy, isRequired: isRequired,
                    allowsFolders: allowsFolders, allowsTokens: purpose != .client, at: instant)
            } ?? .none
        }
        self.server = role.servesClients ? credentials("node/tls-server", .server, isRequired: true) : .none
        self.replySigner = role.signsReplies ? credentials("node/reply-signing", .signer, isRequired: true) : .none
        self.recordSigner = credentials("node/record-signing", .signer, isRequired: false)
        var own: [String: OwnCredentials] = [:]
        if role.callsProviders {
            let names = Set(directory.names(in: Self.providerFolder))
            for provider in Provider.allCases.map(\.rawValue) where names.contains("\(provider)/") {
                own[provider] = credentials("\(Self.providerFolder)/\(provider)", .client, isRequired: true)
            }
        }
        self.providerClients = own
        self.providerClient =
            role.callsProviders
            ? credentials(Self.providerFolder, .client, isRequired: own.isEmpty, allowsFolders: true) : .none
        self.brokerClient = credentials("\(Self.brokerFolder)/\(role.rawValue)", .client, isRequired: false)
        try problems.throwIfAny()
    }

    /// The folders that may stand in a folder.
    private static let folders: [(folder: String, known: [String])] = [
        ("node", ["tls-server", "reply-signing", "record-signing", "provider-client", "broker-client"]),
        (Self.providerFolder, Provider.allCases.map(\.rawValue)),
        (Self.brokerFolder, TrustRole.allCases.map(\.rawValue)),
    ]

    /// Every kind with its folder.
    private var kinds: [(kind: InventoryEntry.Kind, folder: String, credentials: OwnCredentials)] {
        [
            (.server, "node/tls-server", self.server), (.replySigner, "node/reply-signing", self.replySigner),
            (.recordSigner, "node/record-signing", self.recordSigner),
            (.providerClient, Self.providerFolder, self.providerClient),
        ]
            + self.providerClients.sorted { $0.key < $1.key }.map {
                (.providerClient, "\(Self.providerFolder)/\($0.key)", $0.value)
            }
            + [(.brokerClient, Self.brokerFolder, self.brokerClient)]
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
