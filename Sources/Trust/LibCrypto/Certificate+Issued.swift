internal import COpenSSL

extension Certificate {
    /// Whether `issuer` has the name and the key that this certificate was signed with.
    func isIssued(by issuer: Certificate) -> Bool {
        withCleanErrorQueue {
            guard unsafe X509_check_issued(issuer.pointer, self.pointer) == X509_V_OK,
                let key = unsafe X509_get0_pubkey(issuer.pointer)
            else { return false }
            return unsafe X509_verify(self.pointer, key) == 1
        }
    }
}
