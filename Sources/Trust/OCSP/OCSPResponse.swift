internal import COpenSSL

/// One parsed OCSP response of the basic type (RFC 6960 §4.2.1), the owner of its libcrypto objects.
@safe final class OCSPResponse {
    /// The `BasicOCSPResponse`.
    let basic: OpaquePointer

    /// Reads DER; bytes after it are an error.
    init(der: [UInt8]) throws(Failure) {
        guard let response = unsafe try? parse(der, operation: "read an OCSP response", Self.read) else {
            throw Failure(reason: .malformed, detail: "it is not an OCSP response")
        }
        defer { unsafe OCSP_RESPONSE_free(response) }
        guard unsafe OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL else {
            throw Failure(reason: .responderError, detail: "the responder answers with an error instead of a status")
        }
        let basic = unsafe withCleanErrorQueue { unsafe OCSP_response_get1_basic(response) }
        guard let basic = unsafe basic else {
            throw Failure(reason: .unsupportedType, detail: "it is not a basic OCSP response")
        }
        unsafe self.basic = basic
    }

    deinit { unsafe OCSP_BASICRESP_free(self.basic) }

    /// Why there is nothing to decide about.
    struct Failure: Error {
        let reason: OCSPRefusal
        let detail: String
    }

    private static func read(_ buffer: UnsafeBufferPointer<UInt8>) -> OpaquePointer? {
        var position = buffer.baseAddress
        guard let response = unsafe d2i_OCSP_RESPONSE(nil, &position, buffer.count) else { return nil }
        guard unsafe position == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
            unsafe OCSP_RESPONSE_free(response)
            return nil
        }
        return unsafe response
    }

    /// How many answers it holds.
    var count: Int { unsafe Int(max(0, OCSP_resp_count(self.basic))) }

    var producedAt: Int64? { unsafe secondsSince1970(OCSP_resp_get0_produced_at(self.basic)) }

    /// The certificates that came with it.
    var certificates: [Certificate] { unsafe CertificateStack.certificates(of: OCSP_resp_get0_certs(self.basic)) }

    /// Whether an extension of the response or of an answer is critical: none is understood that may be.
    var hasCriticalExtension: Bool {
        if unsafe OCSP_BASICRESP_get_ext_by_critical(self.basic, 1, -1) >= 0 { return true }
        return (0..<self.count).contains { index in
            unsafe OCSP_SINGLERESP_get_ext_by_critical(OCSP_resp_get0(self.basic, Int32(index)), 1, -1) >= 0
        }
    }

    func isSigned(within floor: AlgorithmFloor) -> Bool {
        unsafe floor.accepts(signatureAlgorithm: OCSP_resp_get0_tbs_sigalg(self.basic))
    }

    /// Whether the responder ID names this certificate (RFC 6960 §4.2.2.3).
    func names(responder certificate: Certificate) -> Bool {
        var keyHash: UnsafePointer<ASN1_OCTET_STRING>?
        var name: OpaquePointer?
        guard unsafe OCSP_resp_get0_id(self.basic, &keyHash, &name) == 1 else { return false }
        if let name = unsafe name {
            return unsafe X509_NAME_cmp(name, X509_get_subject_name(certificate.pointer)) == 0
        }
        guard let keyHash = unsafe keyHash else { return false }
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        guard unsafe X509_pubkey_digest(certificate.pointer, EVP_sha1(), &digest, nil) == 1 else { return false }
        let named = unsafe UnsafeBufferPointer(
            start: ASN1_STRING_get0_data(keyHash), count: Int(ASN1_STRING_length(keyHash)))
        return unsafe digest.elementsEqual(named)
    }

    /// Whether the response is signed with this certificate's key.
    func isSigned(by certificate: Certificate) -> Bool {
        withCleanErrorQueue {
            guard let signer = try? CertificateStack(borrowing: [certificate]) else { return false }
            // NOVERIFY: the signature alone. NOINTERN: by this certificate and no other.
            let flags = UInt(OCSP_NOVERIFY | OCSP_NOINTERN)
            return withExtendedLifetime(signer) {
                unsafe OCSP_basic_verify(self.basic, signer.pointer, nil, flags) == 1
            }
        }
    }

    /// What libcrypto says of the whole: signer, signature, path to an anchor, authority over the certificates.
    ///
    /// Any certificate of `anchors` ends a path, `helpers` only complete one; the path is checked at `instant`.
    func verifies(issuer: Certificate, helpers others: [Certificate], anchors: [Certificate], at instant: Int64) -> Bool
    {
        withCleanErrorQueue {
            guard let store = unsafe X509_STORE_new() else { return false }
            defer { unsafe X509_STORE_free(store) }
            for anchor in anchors where unsafe X509_STORE_add_cert(store, anchor.pointer) != 1 { return false }
            let parameters = unsafe X509_STORE_get0_param(store)
            unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
            unsafe X509_VERIFY_PARAM_set_time(parameters, Int(instant))
            guard let helpers = try? CertificateStack(borrowing: [issuer] + others) else { return false }
            // NOEXPLICIT: an anchor is no responder for other issuers' certificates.
            return withExtendedLifetime(helpers) {
                unsafe OCSP_basic_verify(self.basic, helpers.pointer, store, UInt(OCSP_NOEXPLICIT)) == 1
            }
        }
    }
}
