import NIOCore
import NIOSSL
import Synchronization

/// One TLS context, made from one trust snapshot.
///
/// TLS 1.2 and 1.3 only, forward secrecy and authenticated encryption only, no SHA-1 anywhere, no renegotiation. A client
/// certificate is required. BoringSSL checks nothing about it: that decision is libcrypto's, see ``ClientCertificate``.
final class ServerTLSContext: Sendable {
    let generation: Int
    let context: NIOSSLContext
    /// Chains of clients accepted in full handshakes, by their own certificate.
    ///
    /// A resumed session gives back the client's certificate alone; without the intermediates that it once sent, a path
    /// may not be found. Holds accepted clients only, so it is no larger than the number of certificates issued to them.
    private let chains = Mutex<[[UInt8]: [[UInt8]]]>([:])
    private static let maximumChains = 4_096

    init(generation: Int, credentials: some TransportCredentials, closeTime: Duration) throws {
        let (chain, key, anchors) = try credentials.serverConfiguration()
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(chain).map { .certificate($0) },
            privateKey: .privateKey(try Self.privateKey(key))
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = Self.cipherSuites
        configuration.verifySignatureAlgorithms = Self.signatureAlgorithms
        configuration.signingSignatureAlgorithms = Self.signatureAlgorithms
        // On a server this means that a client certificate is required.
        configuration.certificateVerification = .noHostnameVerification
        // Without this the system's public roots would be loaded. The names are not sent to clients: some then refuse to
        // present a certificate whose issuer is an intermediate, and the list says whom we trust.
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(anchors))
        configuration.sendCANameList = false
        configuration.renegotiationSupport = .none
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = TimeAmount(closeTime)
        self.generation = generation
        self.context = try NIOSSLContext(configuration: configuration)
    }

    private static func privateKey(_ key: ServerKey) throws -> NIOSSLPrivateKey {
        switch key {
        case .pem(let bytes): try NIOSSLPrivateKey(bytes: bytes, format: .pem)
        case .delegated(let key):
            NIOSSLPrivateKey(customPrivateKey: try DelegatedPrivateKey(key, allowed: Self.signatureAlgorithms))
        }
    }

    /// TLS 1.2; those of 1.3 are BoringSSL's fixed three, all authenticated.
    private static let cipherSuites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private static let signatureAlgorithms: [SignatureAlgorithm] = [
        .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha256, .rsaPssRsaeSha384, .rsaPssRsaeSha512,
        .rsaPkcs1Sha256, .rsaPkcs1Sha384, .rsaPkcs1Sha512,
    ]

    func remember(chain: [[UInt8]]) {
        guard chain.count > 1 else { return }
        self.chains.withLock { chains in
            if chains.count >= Self.maximumChains { chains.removeAll() }
            chains[chain[0]] = chain
        }
    }

    /// What the owner of `certificate` presented when the session began.
    func chain(of certificate: [UInt8]) -> [[UInt8]] {
        self.chains.withLock { $0[certificate] } ?? [certificate]
    }
}
