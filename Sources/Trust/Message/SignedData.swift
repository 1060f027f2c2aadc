internal import COpenSSL

/// One parsed CMS SignedData (RFC 5652 §5), the owner of its libcrypto object.
@safe struct SignedData: ~Copyable {
    /// More certificates than this in a message are not honest.
    static let maximumCertificates = CertificateVerifier.maximumIntermediates

    let pointer: OpaquePointer

    /// Reads one DER (or BER) object; bytes after it are an error.
    init(parsing bytes: [UInt8]) throws(LibCryptoError) {
        unsafe self.pointer = try parse(bytes, operation: "read a signature") { buffer in
            var position = buffer.baseAddress
            guard let pointer = unsafe d2i_CMS_ContentInfo(nil, &position, buffer.count) else { return nil }
            guard unsafe position == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
                unsafe CMS_ContentInfo_free(pointer)
                return nil
            }
            return unsafe pointer
        }
    }

    deinit { unsafe CMS_ContentInfo_free(self.pointer) }

    var isSignedData: Bool { unsafe OBJ_obj2nid(CMS_get0_type(self.pointer)) == NID_pkcs7_signed }
    /// The type of what is signed; only plain data is expected.
    var contentType: Int32 { unsafe OBJ_obj2nid(CMS_get0_eContentType(self.pointer)) }

    /// The content inside; nil when there is none.
    ///
    /// Not to be read on before the signature over it has been checked.
    var uncheckedContent: [UInt8]? {
        guard let position = unsafe CMS_get0_content(self.pointer), let content = unsafe position.pointee else {
            return nil
        }
        let length = unsafe Int(ASN1_STRING_length(content))
        return unsafe [UInt8](UnsafeBufferPointer(start: ASN1_STRING_get0_data(content), count: length))
    }

    var hasContent: Bool {
        guard let position = unsafe CMS_get0_content(self.pointer) else { return false }
        return unsafe position.pointee != nil
    }

    var signerCount: Int { unsafe max(0, Int(COpenSSL_sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(self.pointer)))) }

    /// The certificates that came with the message: helpers for the path, nothing more.
    var certificates: [Certificate] {
        let stack = unsafe CMS_get1_certs(self.pointer)
        defer { unsafe COpenSSL_sk_X509_pop_free(stack) }
        return unsafe CertificateStack.certificates(of: stack)
    }

    /// The one signer with its certificate from the message; nil when the message does not hold it.
    ///
    /// From here on the message is checked with this certificate's key.
    func matchedSigner() -> SignerRecord? {
        // Looks among the certificates of the message only, by issuer and serial number or key identifier.
        guard unsafe CMS_set1_signers_certs(self.pointer, nil, 0) == 1,
            let record = unsafe COpenSSL_sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(self.pointer), 0)
        else { return nil }
        return unsafe SignerRecord(record)
    }

    /// Whether signature and digest are right; for a detached one over `content`.
    func verifies(detached content: [UInt8]?) -> Bool {
        // The certificate is checked by CertificateVerifier, with our revocation lists and not those of the message.
        let flags = UInt32(CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY)
        return withCleanErrorQueue {
            guard let content else { return unsafe CMS_verify(self.pointer, nil, nil, nil, nil, flags) == 1 }
            return unsafe content.withUnsafeBufferPointer { buffer in
                guard let bio = unsafe try? MemoryBIO(reading: buffer) else { return false }
                return unsafe CMS_verify(self.pointer, nil, nil, bio.pointer, nil, flags) == 1
            }
        }
    }
}
