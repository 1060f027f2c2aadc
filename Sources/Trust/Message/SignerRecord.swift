internal import COpenSSL

/// The SignerInfo of a message (RFC 5652 §5.3) with the certificate that it names; valid as long as its ``SignedData``.
@safe struct SignerRecord {
    let certificate: Certificate
    private let pointer: OpaquePointer

    init?(_ pointer: OpaquePointer) {
        var certificate: OpaquePointer?
        unsafe CMS_SignerInfo_get0_algs(pointer, nil, &certificate, nil, nil)
        guard let certificate = unsafe certificate else { return nil }
        unsafe self.pointer = pointer
        self.certificate = unsafe Certificate(sharing: certificate)
    }

    func meets(_ floor: AlgorithmFloor) -> Bool {
        var digest: UnsafeMutablePointer<X509_ALGOR>?
        var signature: UnsafeMutablePointer<X509_ALGOR>?
        unsafe CMS_SignerInfo_get0_algs(self.pointer, nil, nil, &digest, &signature)
        guard unsafe floor.accepts(digestAlgorithm: digest) else { return false }
        return unsafe floor.isBareRSA(signature) || floor.accepts(signatureAlgorithm: signature)
    }

    var hasSignedAttributes: Bool { unsafe CMS_signed_get_attr_count(self.pointer) > 0 }

    /// Whether the signed attribute content-type, exactly one, says plain data; libcrypto compares it with nothing.
    var statesPlainData: Bool {
        guard let value = unsafe attribute(NID_pkcs9_contentType, V_ASN1_OBJECT) else { return false }
        return unsafe OBJ_obj2nid(OpaquePointer(value)) == NID_pkcs7_data
    }

    /// Whether the signed attribute signing-certificate (RFC 5035), when there is one, names this very certificate.
    ///
    /// It is what stops somebody from swapping the certificate for another one of the same key.
    func namesItsCertificate(among others: [Certificate]) -> Bool {
        let first = unsafe CMS_signed_get_attr_by_NID(self.pointer, NID_id_smime_aa_signingCertificate, -1) >= 0
        let second = unsafe CMS_signed_get_attr_by_NID(self.pointer, NID_id_smime_aa_signingCertificateV2, -1) >= 0
        guard first || second else { return true }
        let known = [self.certificate] + others.filter { $0.fingerprint != self.certificate.fingerprint }
        guard let stack = try? CertificateStack(borrowing: known) else { return false }
        let oldForm = unsafe first ? signingCertificate() : nil
        let newForm = unsafe second ? signingCertificateV2() : nil
        defer {
            unsafe ESS_SIGNING_CERT_free(oldForm)
            unsafe ESS_SIGNING_CERT_V2_free(newForm)
        }
        guard unsafe !first || oldForm != nil, unsafe !second || newForm != nil else { return false }
        return withExtendedLifetime(known) {
            unsafe OSSL_ESS_check_signing_certs(oldForm, newForm, stack.pointer, 1) > 0
        }
    }

    private func signingCertificate() -> OpaquePointer? {
        guard let value = unsafe attribute(NID_id_smime_aa_signingCertificate, V_ASN1_SEQUENCE) else { return nil }
        let text = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
        var position = unsafe ASN1_STRING_get0_data(text)
        return unsafe d2i_ESS_SIGNING_CERT(nil, &position, Int(ASN1_STRING_length(text)))
    }

    private func signingCertificateV2() -> OpaquePointer? {
        guard let value = unsafe attribute(NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE) else { return nil }
        let text = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
        var position = unsafe ASN1_STRING_get0_data(text)
        return unsafe d2i_ESS_SIGNING_CERT_V2(nil, &position, Int(ASN1_STRING_length(text)))
    }

    private func attribute(_ identifier: Int32, _ kind: Int32) -> UnsafeMutableRawPointer? {
        // -3: there must be exactly one attribute with exactly one value.
        unsafe CMS_signed_get0_data_by_OBJ(self.pointer, OBJ_nid2obj(identifier), -3, kind)
    }
}
