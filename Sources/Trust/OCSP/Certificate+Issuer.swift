internal import COpenSSL

extension Certificate {
    /// Whether this authority issued the other certificate: name, key identifier, key usage and the signature itself.
    package func issued(_ certificate: Certificate) -> Bool { certificate.isIssued(by: self) }

    /// `id-pkix-ocsp-nocheck` (RFC 6960 §4.2.2.2.1).
    var hasOCSPNoCheck: Bool { unsafe X509_get_ext_by_NID(self.pointer, NID_id_pkix_OCSP_noCheck, -1) >= 0 }

    /// Whether it may sign revocation lists (RFC 5280 §4.2.1.3); without the extension it may.
    package var signsRevocationLists: Bool { self.keyUsage & UInt32(KU_CRL_SIGN) != 0 }

    /// SHA-256 over the whole certificate, in lower-case hexadecimal.
    package var fingerprintText: String { hexadecimal(self.fingerprint) }

    /// Names this authority by its name and key, in hexadecimal: the same for renewed certificates with the same key.
    package var authorityKey: String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        guard unsafe X509_pubkey_digest(self.pointer, EVP_sha256(), &digest, nil) == 1 else { return "" }
        return unsafe hexadecimal(Certificate.fingerprint(der: nameBytes(X509_get_subject_name(self.pointer)) + digest))
    }

    /// Subject as an RFC 4514 string.
    package var subjectText: String { unsafe nameText(X509_get_subject_name(self.pointer)) }

    /// Subject and issuer in DER, for comparison.
    package var subjectBytes: [UInt8] { unsafe nameBytes(X509_get_subject_name(self.pointer)) }
    package var issuerBytes: [UInt8] { unsafe nameBytes(X509_get_issuer_name(self.pointer)) }
}

/// A distinguished name in DER.
func nameBytes(_ name: OpaquePointer?) -> [UInt8] {
    guard let name = unsafe name else { return [] }
    var bytes: UnsafeMutablePointer<UInt8>?
    let length = unsafe i2d_X509_NAME(name, &bytes)
    guard length > 0, let bytes = unsafe bytes else { return [] }
    defer { unsafe CRYPTO_free(bytes, #file, #line) }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
}
