import AMQP
import AMQPTransport
import Audit
import Gateway
import HTTPIngress
import Observability
import Providers
import Revocation
import SHS
import SSBTEK
import Trust

/// All settings of one process, read once at start.
struct GatewayConfiguration {
    var profile: ProfileConfiguration
    var limits: MessageLimits
    var deadlines: DeadlineConfiguration
    /// What may be in flight, and whose it is.
    var admission: AdmissionConfiguration
    var correlate: CorrelateConfiguration
    var ingress: HTTPIngressConfiguration
    /// Loopback port of the health endpoint; 0 takes a free one.
    var healthPort: Int
    /// How long the endpoint waits for the broker before it listens.
    var waitForBroker: Duration
    var broker: AMQPConfiguration
    var topology: GatewayTopology.Configuration
    var files: FilesConfiguration
    /// When sealing epochs begin and end, and who shares them.
    var keyring: KeyringConfiguration
    /// Whether a role refuses to start with a keyring that is not in memory.
    var keyringRequiresMemory: Bool
    /// How what is in memory is kept from lying around.
    var memory: MemoryConfiguration
    /// How the record of who asked what is kept.
    var audit: RecordConfiguration
    /// What is demanded of certificates.
    var trust: TrustPolicy
    /// How revocation lists are fetched ahead of time.
    var revocation: RevocationConfiguration
    /// How keys in tokens are reached.
    var token: TokenConfiguration
    /// How often a process looks whether its certificates have changed.
    var pollEvery: Duration
    /// The base services that have an address.
    var providers: [ProviderConfiguration]
    /// Ports of the simulated base services; 0 takes a free one.
    var simulatorPorts: [Provider: Int]
    var send: SendConfiguration
    var log: LogConfiguration
}

/// Where the parts of the configuration lie that are files of their own.
///
/// Relative paths start at the working folder.
struct FilesConfiguration: Equatable {
    /// Folder with the numbered sets of keys, certificates, anchors and CRLs, and `current`.
    var certificates: String
    /// A party register in place of the set's own.
    var parties: String?
    /// Folder with the schemas of the SSBTEK contract.
    var contract: String
    /// Folder with the sealing keys.
    var keyring: String
    /// Folder in which processes say what they run, and what peers have shown.
    var state: String
    /// Age at which the file of a process that runs elsewhere is taken for left behind.
    var staleAfter: Duration
    /// Folder with the revocation lists that were fetched.
    var revocation: String
}

/// What a process does about its own memory, once, at its start.
struct MemoryConfiguration: Equatable {
    /// Overwrite blocks as they are released.
    var overwritesReleased: Bool
    /// How long after the reply something of it may be found in memory at most.
    var erasedWithin: Duration
    /// No core dumps, and no reading by other processes of the same user.
    var forbidsInspection: Bool
    /// Keep all of it out of swap; a warning where that may not be done.
    var locks: Bool
}

/// Where keys in hardware are: one PKCS#11 module for all of them.
struct TokenConfiguration {
    /// A shared library; nil when no key is in a token.
    var module: String?
    var pin: Secret
    /// Signatures that one key may make at the same time.
    var sessions: Int
    /// How long one signature may take.
    var timeout: Duration
}

/// How much is logged, and in which form.
struct LogConfiguration: Equatable {
    enum Format: String, CaseIterable { case json, text }
    enum Level: String, CaseIterable { case debug, info, notice, warning, error, critical }

    var level: Level
    var format: Format
}

/// Who `send` is and whom it talks to: the municipality's side.
struct SendConfiguration: Equatable {
    /// The node's address.
    var url: String
    /// Authorities of the node's server certificate, PEM.
    var anchors: String
    var transportCertificate: String
    var transportKey: String
    var signerCertificate: String
    var signerKey: String
    /// Authorities of the node's reply signatures, PEM.
    var replyAnchors: String
    /// Revocation lists of those authorities, a PEM file or a folder of them; without any, revocation is not checked.
    var replyLists: String?
    /// Organisation number of the party that asks.
    var party: String
}
