internal import COpenSSL

extension AlgorithmFloor {
    /// Whether a certificate's key is of an allowed kind and size.
    func accepts(keyOf certificate: Certificate) -> Bool {
        guard let key = unsafe X509_get0_pubkey(certificate.pointer) else { return false }
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: return unsafe Int(EVP_PKEY_get_bits(key)) >= self.minimumRSABits
        case EVP_PKEY_EC: return unsafe curve(of: key).map(self.curves.contains) ?? false
        default: return false
        }
    }

    /// Whether a certificate is itself signed with an allowed algorithm.
    func accepts(signatureOf certificate: Certificate) -> Bool {
        var algorithm: UnsafePointer<X509_ALGOR>?
        unsafe X509_get0_signature(nil, &algorithm, certificate.pointer)
        return unsafe self.accepts(signatureAlgorithm: algorithm)
    }

    /// Whether a signature algorithm (RFC 5280 §4.1.1.2) names an allowed digest and an RSA or EC key.
    func accepts(signatureAlgorithm algorithm: UnsafePointer<X509_ALGOR>?) -> Bool {
        guard let identifier = unsafe identifier(of: algorithm) else { return false }
        if identifier == NID_rsassaPss { return unsafe digestOfPSS(algorithm).map(self.digests.contains) ?? false }
        var digest: Int32 = 0
        var key: Int32 = 0
        guard unsafe OBJ_find_sigid_algs(identifier, &digest, &key) == 1 else { return false }
        guard key == NID_rsaEncryption || key == NID_X9_62_id_ecPublicKey else { return false }
        return Digest(identifier: digest).map(self.digests.contains) ?? false
    }

    /// Whether a digest algorithm of a message is allowed.
    func accepts(digestAlgorithm algorithm: UnsafePointer<X509_ALGOR>?) -> Bool {
        unsafe identifier(of: algorithm).flatMap(Digest.init(identifier:)).map(self.digests.contains) ?? false
    }

    /// Whether the algorithm is plain `rsaEncryption`, whose digest stands elsewhere (RFC 8551 §2.2).
    func isBareRSA(_ algorithm: UnsafePointer<X509_ALGOR>?) -> Bool {
        unsafe identifier(of: algorithm) == NID_rsaEncryption
    }

    private func curve(of key: OpaquePointer) -> Curve? {
        var name = [CChar](repeating: 0, count: 64)
        // Explicit parameters have no name and are refused with that.
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, nil) == 1 else { return nil }
        switch unsafe OBJ_txt2nid(name) {
        case NID_X9_62_prime256v1: return .p256
        case NID_secp384r1: return .p384
        case NID_secp521r1: return .p521
        default: return nil
        }
    }

    /// The digest of RSASSA-PSS parameters; absent parameters mean SHA-1 (RFC 4055 §3.1), which no floor allows.
    private func digestOfPSS(_ algorithm: UnsafePointer<X509_ALGOR>?) -> Digest? {
        var kind: Int32 = 0
        var value: UnsafeRawPointer?
        unsafe X509_ALGOR_get0(nil, &kind, &value, algorithm)
        guard kind == V_ASN1_SEQUENCE, let value = unsafe value else { return nil }
        let sequence = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
        var position = unsafe ASN1_STRING_get0_data(sequence)
        let length = unsafe Int(ASN1_STRING_length(sequence))
        guard let parameters = unsafe d2i_RSA_PSS_PARAMS(nil, &position, length) else { return nil }
        defer { unsafe RSA_PSS_PARAMS_free(parameters) }
        return unsafe identifier(of: parameters.pointee.hashAlgorithm).flatMap(Digest.init(identifier:))
    }

    private func identifier(of algorithm: UnsafePointer<X509_ALGOR>?) -> Int32? {
        guard let algorithm = unsafe algorithm else { return nil }
        var object: OpaquePointer?
        unsafe X509_ALGOR_get0(&object, nil, nil, algorithm)
        return unsafe OBJ_obj2nid(object)
    }
}

extension AlgorithmFloor.Digest {
    fileprivate init?(identifier: Int32) {
        switch identifier {
        case NID_sha256: self = .sha256
        case NID_sha384: self = .sha384
        case NID_sha512: self = .sha512
        default: return nil
        }
    }
}
