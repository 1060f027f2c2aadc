internal import COpenSSL
package import SHS

extension ShownCertificate {
    /// The certificate of a message's signer with those that came along; nil when there is none to be read.
    ///
    /// Says nothing about whether it is accepted.
    package init?(signerOf message: SignedEntity.Form) {
        let signature =
            switch message {
            case .detached(_, let signature): signature
            case .opaque(let whole): whole
            }
        guard let parsed = try? SignedData(parsing: signature), let signer = parsed.matchedSigner()?.certificate else {
            return nil
        }
        let others = parsed.certificates.filter { $0.fingerprint != signer.fingerprint }
            .prefix(SignedData.maximumCertificates)
        self.init(purpose: .signer, chain: ([signer] + others).map(\.encoded))
    }
}

extension Certificate {
    /// The certificate in DER.
    fileprivate var encoded: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_X509(self.pointer, &bytes)
        guard length > 0, let bytes = unsafe bytes else { return [] }
        defer { unsafe CRYPTO_free(bytes, #file, #line) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }
}
