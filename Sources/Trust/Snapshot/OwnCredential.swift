/// A certificate of our own with its key, in the form that TLS takes; never printed with its key.
package struct OwnCredential: Sendable, CustomStringConvertible, CustomReflectable {
    /// The certificate first, then its authorities, PEM.
    package let chainPEM: [UInt8]
    package let keyPEM: [UInt8]
    /// The certificate first, then its authorities.
    package let certificates: [Certificate]
    let key: PrivateKey

    /// Reads `file.crt` and `file.key` and checks that they belong together and can be used now.
    init(
        file: String, in directory: TrustDirectory, purpose: CertificatePurpose, policy: TrustPolicy, at instant: Int64
    ) throws(TrustError) {
        let certificateFile = "\(file).crt"
        let keyFile = "\(file).key"
        self.chainPEM = try directory.read(certificateFile)
        self.certificates = try Self.certificates(self.chainPEM, file: certificateFile)
        guard let certificate = self.certificates.first else { throw TrustError(certificateFile, .noCertificate) }
        self.keyPEM = try directory.readKey(keyFile)
        do throws(LibCryptoError) {
            self.key = try PrivateKey(pem: self.keyPEM)
        } catch {
            throw TrustError(keyFile, .unreadable(error.text))
        }
        guard self.key.matches(certificate) else { throw TrustError(keyFile, .keyOfAnotherCertificate) }
        if let reason = Self.objection(to: certificate, purpose: purpose, policy: policy, at: instant) {
            throw TrustError(certificateFile, .certificateNotUsable(reason))
        }
    }

    package var description: String { "<credential>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    static func certificates(_ pem: [UInt8], file: String) throws(TrustError) -> [Certificate] {
        do throws(LibCryptoError) {
            return try Certificate.list(pem: pem)
        } catch {
            throw TrustError(file, .unreadable(error.text))
        }
    }

    /// What our peers would refuse as well.
    private static func objection(
        to certificate: Certificate, purpose: CertificatePurpose, policy: TrustPolicy, at instant: Int64
    ) -> RefusalReason? {
        guard let start = certificate.notBefore, let end = certificate.notAfter else { return .malformed }
        if instant < start { return .notYetValid }
        if end <= instant { return .expired }
        if !policy.algorithms.accepts(keyOf: certificate) { return .weakAlgorithm }
        return UsageCheck(purpose: purpose).objection(to: certificate) == nil ? nil : .wrongUsage
    }
}
