internal import COpenSSL
package import Gateway

/// One parsed X.509 certificate (RFC 5280), the owner of its libcrypto object.
@safe package final class Certificate: @unchecked Sendable {
    // @unchecked: the object is never changed after parsing, and libcrypto guards its caches with a lock of its own.
    let pointer: OpaquePointer

    /// Becomes the owner of one reference.
    init(takingOwnership pointer: OpaquePointer) {
        unsafe self.pointer = pointer
        // Fills the cache of extensions now; a broken extension shows in `flags`, the result says nothing more.
        _ = unsafe X509_check_purpose(pointer, -1, 0)
    }

    /// Adds a reference of its own to an object that another owner keeps.
    convenience init(sharing pointer: OpaquePointer) {
        unsafe X509_up_ref(pointer)
        unsafe self.init(takingOwnership: pointer)
    }

    /// Reads one DER certificate; bytes after it are an error.
    package convenience init(der: [UInt8]) throws(LibCryptoError) {
        let pointer = unsafe try parse(der, operation: "read a certificate") { buffer in
            var position = buffer.baseAddress
            guard let pointer = unsafe d2i_X509(nil, &position, buffer.count) else { return nil }
            guard unsafe position == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
                unsafe X509_free(pointer)
                return nil
            }
            return unsafe pointer
        }
        unsafe self.init(takingOwnership: pointer)
    }

    deinit { unsafe X509_free(self.pointer) }

    /// All certificates of a PEM text, in order; none is not an error.
    package static func list(pem: [UInt8]) throws(LibCryptoError) -> [Certificate] {
        unsafe try readPEM(pem, operation: "read a certificate") { bio in
            unsafe COpenSSL_PEM_read_certificate(bio).map { unsafe Certificate(takingOwnership: $0) }
        }
    }

    /// What the certificate says about its holder.
    package var identity: CertificateIdentity {
        unsafe CertificateIdentity(
            subject: nameText(X509_get_subject_name(self.pointer)),
            subjectSerialNumber: nameEntries(X509_get_subject_name(self.pointer), NID_serialNumber).onlyElement,
            commonName: nameEntries(X509_get_subject_name(self.pointer), NID_commonName).last,
            issuer: nameText(X509_get_issuer_name(self.pointer)),
            serialNumber: integerText(X509_get0_serialNumber(self.pointer)),
            fingerprint: hexadecimal(self.fingerprint),
            notAfter: self.notAfter ?? 0
        )
    }

    /// The DER form.
    package var der: [UInt8] {
        let size = unsafe Int(i2d_X509(self.pointer, nil))
        guard size > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: size)
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            _ = unsafe i2d_X509(self.pointer, &position)
        }
        return bytes
    }

    /// SHA-256 over the DER form.
    var fingerprint: [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = unsafe X509_digest(self.pointer, EVP_sha256(), &digest, nil)
        return digest
    }

    /// The same of a DER form that need not be parsed for it.
    static func fingerprint(der: [UInt8]) -> [UInt8] { sha256(der) }

    /// Seconds since 1970 (UTC); nil when the field cannot be read.
    var notBefore: Int64? { unsafe secondsSince1970(X509_get0_notBefore(self.pointer)) }
    var notAfter: Int64? { unsafe secondsSince1970(X509_get0_notAfter(self.pointer)) }

    var isVersion3: Bool { unsafe X509_get_version(self.pointer) == X509_VERSION_3 }
    var isAuthority: Bool { self.flags & UInt32(EXFLAG_CA) != 0 }
    /// Whether issuer and subject are the same name and the key identifiers do not contradict it.
    var isSelfSigned: Bool { self.flags & UInt32(EXFLAG_SS) != 0 }
    /// Whether libcrypto found an extension that it could not read (RFC 5280 §4.2).
    var hasBrokenExtension: Bool { self.flags & UInt32(EXFLAG_INVALID) != 0 }
    var hasKeyUsage: Bool { self.flags & UInt32(EXFLAG_KUSAGE) != 0 }
    var hasExtendedKeyUsage: Bool { self.flags & UInt32(EXFLAG_XKUSAGE) != 0 }
    /// Bits `KU_…`; all set when the extension is absent.
    var keyUsage: UInt32 { unsafe X509_get_key_usage(self.pointer) }
    /// Bits `XKU_…`; all set when the extension is absent.
    var extendedKeyUsage: UInt32 { unsafe X509_get_extended_key_usage(self.pointer) }

    private var flags: UInt32 { unsafe X509_get_extension_flags(self.pointer) }

    /// Whether the certificate is for this server: DNS name or IP address in the subject alternative name (RFC 9525).
    func names(server: String) -> Bool {
        // -2 says that the text is not an address.
        let address = unsafe X509_check_ip_asc(self.pointer, server, 0)
        if address != -2 { return address == 1 }
        let flags = UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        return unsafe X509_check_host(self.pointer, server, server.utf8.count, flags, nil) == 1
    }
}

extension Array {
    /// The element when there is exactly one: two numbers in a subject name nobody.
    fileprivate var onlyElement: Element? { self.count == 1 ? self[0] : nil }
}
