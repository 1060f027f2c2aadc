internal import COpenSSL

/// Signs content with one key: a detached CMS SignedData (RFC 5652) in DER, SHA-256, with the certificate chain inside.
package struct CMSSigner: Sendable {
    let key: PrivateKey
    let certificate: Certificate
    private let chain: [Certificate]

    /// - Parameter chain: The authorities that a receiver needs to build the path; the anchor need not be among them.
    init(key: PrivateKey, certificate: Certificate, chain: [Certificate]) {
        self.key = key
        self.certificate = certificate
        self.chain = chain
    }

    /// The `micalg` of the multipart/signed around it.
    package static let digestName = "sha-256"

    /// A signature over exactly these bytes; line ends are not touched.
    ///
    /// With a key in a token it waits as long as the token takes, or may take.
    package func signature(over content: [UInt8]) throws(SigningError) -> [UInt8] {
        ERR_clear_error()
        switch self.key {
        case .memory(let key): return try self.signature(over: content, key: key)
        case .token(let key): return try self.signature(over: content, token: key)
        }
    }

    private func signature(over content: [UInt8], key: MemoryKey) throws(SigningError) -> [UInt8] {
        let message = try unsafe self.startMessage()
        defer { unsafe CMS_ContentInfo_free(message) }
        guard unsafe CMS_add1_signer(message, self.certificate.pointer, key.pointer, EVP_sha256(), Self.flags) != nil
        else { throw .library(LibCryptoError(operation: "add the signer")) }
        let finished = unsafe content.withUnsafeBufferPointer { buffer in
            guard let bio = unsafe try? MemoryBIO(reading: buffer) else { return false }
            return unsafe CMS_final(message, bio.pointer, nil, Self.flags) == 1
        }
        guard finished else { throw .library(LibCryptoError(operation: "sign")) }
        return try unsafe Self.encoded(message)
    }

    static let flags = UInt32(CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL)

    /// A message with the chain, without content and signer; the caller becomes its owner.
    func startMessage() throws(SigningError) -> OpaquePointer {
        do throws(LibCryptoError) {
            let chain = try CertificateStack(borrowing: self.chain)
            guard let message = unsafe CMS_sign(nil, nil, chain.pointer, nil, Self.flags) else {
                throw LibCryptoError(operation: "start a signature")
            }
            return unsafe message
        } catch {
            throw .library(error)
        }
    }

    static func encoded(_ message: OpaquePointer) throws(SigningError) -> [UInt8] {
        let length = unsafe i2d_CMS_ContentInfo(message, nil)
        guard length > 0 else { throw .library(LibCryptoError(operation: "write a signature")) }
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var position = buffer.baseAddress
            count = unsafe Int(max(0, i2d_CMS_ContentInfo(message, &position)))
        }
    }
}

extension CMSSigner {
    /// The signer of a credential: its certificate, and the rest of its file as the chain.
    init?(_ credential: OwnCredential) {
        guard let certificate = credential.certificates.first else { return nil }
        self.init(key: credential.key, certificate: certificate, chain: Array(credential.certificates.dropFirst()))
    }
}
