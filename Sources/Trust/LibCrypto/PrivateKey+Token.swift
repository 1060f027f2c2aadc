internal import COpenSSL

extension TokenKey {
    /// Whether a signature that the key makes now verifies with the certificate.
    package func belongs(to certificate: Certificate) throws(TokenError) -> Bool {
        let challenge = Array("shs-gateway: does this key belong to this certificate?".utf8)
        guard let scheme = self.schemes.last, scheme.padding != .pss else { throw TokenError(.keyUnsupported) }
        let signature = try self.signature(over: challenge, scheme: scheme)
        return withCleanErrorQueue {
            guard let key = unsafe X509_get0_pubkey(certificate.pointer), let context = unsafe EVP_MD_CTX_new()
            else { return false }
            defer { unsafe EVP_MD_CTX_free(context) }
            guard unsafe EVP_DigestVerifyInit(context, nil, scheme.digest.algorithm, nil, key) == 1 else {
                return false
            }
            return unsafe EVP_DigestVerify(context, signature, signature.count, challenge, challenge.count) == 1
        }
    }
}
