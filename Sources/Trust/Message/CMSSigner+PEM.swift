extension CMSSigner {
    /// A signer of its own, outside a set: for clients.
    ///
    /// - Parameters:
    ///   - certificatePEM: The signing certificate first, then its authorities.
    ///   - keyPEM: The key of the first certificate, not encrypted.
    package init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(LibCryptoError) {
        let certificates = try Certificate.list(pem: certificatePEM)
        let key = try PrivateKey(pem: keyPEM)
        guard let certificate = certificates.first, key.matches(certificate) else {
            throw LibCryptoError(operation: "match the key with the certificate")
        }
        self.init(key: key, certificate: certificate, chain: Array(certificates.dropFirst()))
    }

    /// The same with a key in a token.
    package init(
        certificatePEM: [UInt8], tokenURI: String, access: TokenAccess = .ofProcess
    ) throws(SigningError) {
        let certificates: [Certificate]
        do throws(LibCryptoError) {
            certificates = try Certificate.list(pem: certificatePEM)
        } catch {
            throw .library(error)
        }
        do throws(TokenError) {
            let key = try PrivateKey(uri: tokenURI, access: access)
            guard let certificate = certificates.first, try key.belongs(to: certificate) else {
                throw TokenError(.keyOfAnotherCertificate)
            }
            self.init(key: key, certificate: certificate, chain: Array(certificates.dropFirst()))
        } catch {
            throw .token(error)
        }
    }
}
