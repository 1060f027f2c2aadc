internal import COpenSSL

extension OCSPResponse {
    /// Whether every answer is about a certificate of this issuer: the hashes of its name and of its key are right.
    func isAbout(issuer: Certificate) -> Bool {
        withCleanErrorQueue {
            (0..<self.count).allSatisfy { index in
                guard let answered = unsafe self.certificateID(index) else { return false }
                guard let expected = unsafe Self.certificateID(like: answered, issuer: issuer, serial: nil) else {
                    return false
                }
                defer { unsafe OCSP_CERTID_free(expected) }
                return unsafe OCSP_id_issuer_cmp(answered, expected) == 0
            }
        }
    }

    /// The answers, all or those about one certificate of the issuer.
    func answers(
        about certificate: Certificate?, policy: OCSPPolicy, at instant: Int64
    ) -> [OCSPVerdict.Answer] {
        (0..<self.count).compactMap { index in
            guard let single = unsafe OCSP_resp_get0(self.basic, Int32(index)) else { return nil }
            let serial = unsafe self.serialNumber(index)
            if let certificate {
                guard let serial = unsafe serial,
                    unsafe ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(certificate.pointer)) == 0
                else { return nil }
            }
            return unsafe Self.answer(single, serialNumber: integerText(serial), policy: policy, at: instant)
        }
    }

    private static func answer(
        _ single: OpaquePointer, serialNumber: String, policy: OCSPPolicy, at instant: Int64
    ) -> OCSPVerdict.Answer? {
        var reason: Int32 = 0
        var revoked: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var this: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var next: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        let code = unsafe OCSP_single_get0_status(single, &reason, &revoked, &this, &next)
        let status: OCSPVerdict.Status
        switch code {
        case V_OCSP_CERTSTATUS_GOOD: status = .good
        case V_OCSP_CERTSTATUS_REVOKED: status = .revoked
        case V_OCSP_CERTSTATUS_UNKNOWN: status = .unknown
        default: return nil
        }
        let thisUpdate = unsafe secondsSince1970(this)
        let hasEnd = unsafe next != nil
        let nextUpdate = unsafe secondsSince1970(next)
        return unsafe OCSPVerdict.Answer(
            serialNumber: serialNumber, status: status, thisUpdate: thisUpdate, nextUpdate: nextUpdate,
            revokedAt: secondsSince1970(revoked),
            isCurrent: policy.isCurrent(thisUpdate: thisUpdate, nextUpdate: nextUpdate, hasEnd: hasEnd, at: instant))
    }

    private func certificateID(_ index: Int) -> OpaquePointer? {
        guard let single = unsafe OCSP_resp_get0(self.basic, Int32(index)) else { return nil }
        // The object stays the response's and is only read.
        return unsafe OCSP_SINGLERESP_get0_id(single)
    }

    private func serialNumber(_ index: Int) -> UnsafeMutablePointer<ASN1_INTEGER>? {
        guard let identifier = unsafe self.certificateID(index) else { return nil }
        var serial: UnsafeMutablePointer<ASN1_INTEGER>?
        unsafe OCSP_id_get0_info(nil, nil, nil, &serial, identifier)
        return unsafe serial
    }

    /// What the identifier would be for a certificate of `issuer`, with the same hash; nil for a hash that is not taken.
    private static func certificateID(
        like answered: OpaquePointer, issuer: Certificate, serial: UnsafePointer<ASN1_INTEGER>?
    ) -> OpaquePointer? {
        var algorithm: OpaquePointer?
        guard unsafe OCSP_id_get0_info(nil, &algorithm, nil, nil, answered) == 1 else { return nil }
        // SHA-1 is what RFC 5019 tells responders to use. It is no signature: name and key are known beforehand.
        let digest: OpaquePointer?
        switch unsafe OBJ_obj2nid(algorithm) {
        case NID_sha1: unsafe digest = EVP_sha1()
        case NID_sha256: unsafe digest = EVP_sha256()
        case NID_sha384: unsafe digest = EVP_sha384()
        case NID_sha512: unsafe digest = EVP_sha512()
        default: return nil
        }
        return unsafe OCSP_cert_id_new(
            digest, X509_get_subject_name(issuer.pointer), X509_get0_pubkey_bitstr(issuer.pointer), serial)
    }
}

extension OCSPPolicy {
    /// RFC 6960 §3.2, points 5 and 6.
    func isCurrent(thisUpdate: Int64?, nextUpdate: Int64?, hasEnd: Bool, at instant: Int64) -> Bool {
        guard let thisUpdate, thisUpdate <= instant + self.clockSkewAllowance else { return false }
        // An end that cannot be read is no end.
        guard !hasEnd || nextUpdate != nil else { return false }
        let end = nextUpdate ?? thisUpdate + self.ageWithoutNextUpdate
        return thisUpdate <= end && instant < end + self.clockSkewAllowance
    }
}
