internal import NIOCore
package import NIOSSL

/// What one end of a mutual TLS connection needs: its own certificate with key, and whom it trusts.
///
/// All in PEM. Printed as nothing but its name, since it holds a private key.
package struct ProviderCredentials: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    private let certificateChain: [UInt8]
    private let privateKey: [UInt8]
    private let anchors: [UInt8]

    /// - Parameters:
    ///   - certificateChain: the own certificate, then its issuers.
    ///   - privateKey: the key of the own certificate, not encrypted.
    ///   - anchors: the certificates to which the other end's chain must lead.
    package init(certificateChain: [UInt8], privateKey: [UInt8], anchors: [UInt8]) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.anchors = anchors
    }

    package var description: String { "<redacted ProviderCredentials>" }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }

    /// A client that proves itself and checks the server's chain and host name, from TLS 1.2 on.
    package func clientConfiguration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        return try self.completed(configuration)
    }

    /// A server that requires a client certificate.
    ///
    /// In swift-nio-ssl a server asks for and requires one with `noHostnameVerification`: clients have no host name.
    package func serverConfiguration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: [], privateKey: try self.key())
        configuration.certificateVerification = .noHostnameVerification
        return try self.completed(configuration)
    }

    private func completed(_ base: TLSConfiguration) throws -> TLSConfiguration {
        var configuration = base
        configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(self.certificateChain).map {
            .certificate($0)
        }
        configuration.privateKey = try self.key()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(self.anchors))
        configuration.minimumTLSVersion = .tlsv12
        // How long a connection that is given up waits for the other side's goodbye; one that hangs never says it.
        configuration.shutdownTimeout = .milliseconds(500)
        return configuration
    }

    private func key() throws -> NIOSSLPrivateKeySource {
        .privateKey(try NIOSSLPrivateKey(bytes: self.privateKey, format: .pem))
    }
}
