internal import COpenSSL

/// What a revocation list covers, and which of two lists is the newer one.
extension RevocationList {
    /// CRL number (RFC 5280 §5.2.3) as bytes, most significant first and without leading zeros; nil when it has none.
    package var number: [UInt8]? { self.integer(NID_crl_number) }

    /// Whether it only holds changes against a base (RFC 5280 §5.2.4).
    package var isDelta: Bool { unsafe X509_CRL_get_ext_by_NID(self.pointer, NID_delta_crl, -1) >= 0 }

    /// Names what the list covers, in hexadecimal: lists replace each other only within the same scope.
    ///
    /// It is made of the issuing distribution point (RFC 5280 §5.2.5) and of whether the list is a delta.
    package var scope: String {
        let point = self.extensionValue(NID_issuing_distribution_point) ?? []
        return String(hexadecimal(Certificate.fingerprint(der: [self.isDelta ? 1 : 0] + point)).prefix(16))
    }

    /// Whether an extension of the list or of an entry is critical and not one that the path validation understands.
    package var hasUnknownCriticalExtension: Bool {
        let count = unsafe X509_CRL_get_ext_count(self.pointer)
        let own = (0..<max(0, count)).contains { index in
            let entry = unsafe X509_CRL_get_ext(self.pointer, index)
            guard unsafe X509_EXTENSION_get_critical(entry) != 0 else { return false }
            return unsafe ![NID_issuing_distribution_point, NID_delta_crl, NID_authority_key_identifier]
                .contains(OBJ_obj2nid(X509_EXTENSION_get_object(entry)))
        }
        return own || self.hasUnknownCriticalEntryExtension
    }

    private var hasUnknownCriticalEntryExtension: Bool {
        guard let entries = unsafe X509_CRL_get_REVOKED(self.pointer) else { return false }
        for index in unsafe 0..<max(0, COpenSSL_sk_X509_REVOKED_num(entries)) {
            guard let entry = unsafe COpenSSL_sk_X509_REVOKED_value(entries, index) else { continue }
            var position: Int32 = -1
            while true {
                position = unsafe X509_REVOKED_get_ext_by_critical(entry, 1, position)
                guard position >= 0 else { break }
                let found = unsafe X509_REVOKED_get_ext(entry, position)
                let identifier = unsafe OBJ_obj2nid(X509_EXTENSION_get_object(found))
                guard identifier == NID_certificate_issuer else { return true }
            }
        }
        return false
    }

    /// How many certificates it names.
    package var count: Int {
        unsafe Int(max(0, X509_CRL_get_REVOKED(self.pointer).map { unsafe COpenSSL_sk_X509_REVOKED_num($0) } ?? 0))
    }

    /// Whether it names this certificate; whether it may do so is for its reader.
    package func revokes(_ certificate: Certificate) -> Bool {
        var entry: OpaquePointer?
        // 2 is "removed from a list" (RFC 5280 §5.3.1, removeFromCRL): it is not revoked.
        return unsafe X509_CRL_get0_by_cert(self.pointer, &entry, certificate.pointer) == 1
    }

    /// The list in DER.
    package var der: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_X509_CRL(self.pointer, &bytes)
        guard length > 0, let bytes = unsafe bytes else { return [] }
        defer { unsafe CRYPTO_free(bytes, #file, #line) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }

    /// SHA-256 over the DER form.
    package var fingerprint: [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = unsafe X509_CRL_digest(self.pointer, EVP_sha256(), &digest, nil)
        return digest
    }

    private func extensionValue(_ identifier: Int32) -> [UInt8]? {
        let index = unsafe X509_CRL_get_ext_by_NID(self.pointer, identifier, -1)
        guard index >= 0, let found = unsafe X509_CRL_get_ext(self.pointer, index),
            let value = unsafe X509_EXTENSION_get_data(found)
        else { return nil }
        return unsafe Array(
            UnsafeBufferPointer(start: ASN1_STRING_get0_data(value), count: Int(ASN1_STRING_length(value))))
    }

    private func integer(_ identifier: Int32) -> [UInt8]? {
        guard let value = unsafe X509_CRL_get_ext_d2i(self.pointer, identifier, nil, nil) else { return nil }
        let integer = unsafe value.assumingMemoryBound(to: ASN1_INTEGER.self)
        defer { unsafe ASN1_INTEGER_free(integer) }
        guard unsafe ASN1_STRING_type(integer) & V_ASN1_NEG == 0 else { return nil }
        let bytes = unsafe UnsafeBufferPointer(
            start: ASN1_STRING_get0_data(integer), count: Int(ASN1_STRING_length(integer)))
        return unsafe Array(bytes.drop { $0 == 0 })
    }
}
