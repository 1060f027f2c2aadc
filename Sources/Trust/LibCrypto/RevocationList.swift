internal import COpenSSL

/// One parsed certificate revocation list (RFC 5280 §5), the owner of its libcrypto object.
@safe package final class RevocationList: @unchecked Sendable {
    // @unchecked: never changed after parsing; libcrypto sorts its entries for look-ups under a lock of its own.
    let pointer: OpaquePointer

    private init(takingOwnership pointer: OpaquePointer) { unsafe self.pointer = pointer }

    /// Reads one DER list; bytes after it are an error.
    package convenience init(der: [UInt8]) throws(LibCryptoError) {
        let pointer = unsafe try parse(der, operation: "read a revocation list") { buffer in
            var position = buffer.baseAddress
            guard let pointer = unsafe d2i_X509_CRL(nil, &position, buffer.count) else { return nil }
            guard unsafe position == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
                unsafe X509_CRL_free(pointer)
                return nil
            }
            return unsafe pointer
        }
        unsafe self.init(takingOwnership: pointer)
    }

    deinit { unsafe X509_CRL_free(self.pointer) }

    /// All revocation lists of a PEM text, in order; none is not an error.
    package static func list(pem: [UInt8]) throws(LibCryptoError) -> [RevocationList] {
        unsafe try readPEM(pem, operation: "read a revocation list") { bio in
            unsafe COpenSSL_PEM_read_revocation_list(bio).map { unsafe RevocationList(takingOwnership: $0) }
        }
    }

    /// Issuer as an RFC 4514 string.
    package var issuer: String { unsafe nameText(X509_CRL_get_issuer(self.pointer)) }

    /// Issuer in DER, for comparison.
    package var issuerBytes: [UInt8] { unsafe nameBytes(X509_CRL_get_issuer(self.pointer)) }

    /// Seconds since 1970 (UTC); nil when the field is absent or cannot be read.
    package var thisUpdate: Int64? { unsafe secondsSince1970(X509_CRL_get0_lastUpdate(self.pointer)) }
    package var nextUpdate: Int64? { unsafe secondsSince1970(X509_CRL_get0_nextUpdate(self.pointer)) }

    /// Whether the list is signed with an algorithm of the floor.
    package func meets(_ floor: AlgorithmFloor) -> Bool {
        var algorithm: UnsafePointer<X509_ALGOR>?
        unsafe X509_CRL_get0_signature(self.pointer, nil, &algorithm)
        return unsafe floor.accepts(signatureAlgorithm: algorithm)
    }

    /// Whether `issuer` has the name and the key that this list was signed with.
    package func isSigned(by issuer: Certificate) -> Bool {
        withCleanErrorQueue {
            guard unsafe X509_NAME_cmp(X509_CRL_get_issuer(self.pointer), X509_get_subject_name(issuer.pointer)) == 0,
                let key = unsafe X509_get0_pubkey(issuer.pointer)
            else { return false }
            return unsafe X509_CRL_verify(self.pointer, key) == 1
        }
    }
}
