internal import COpenSSL

/// Finding a key, and signing with it; the caller holds the module's lock.
extension TokenModule {
    func slot(of uri: TokenURI) throws(TokenError) -> (slot: UInt, token: TokenIdentity) {
        var slots = [UInt](repeating: 0, count: 256)
        var count = UInt(slots.count)
        let code = unsafe COpenSSL_C_GetSlotList(self.table, &slots, &count)
        guard code == 0 else { throw TokenError(.tokenAbsent, code: code) }
        let found = slots.prefix(Int(count)).compactMap { slot -> (slot: UInt, token: TokenIdentity)? in
            var information = COpenSSL_ck_token()
            guard unsafe COpenSSL_C_GetTokenInfo(self.table, slot, &information) == 0 else { return nil }
            let token = TokenIdentity(information)
            return token.matches(uri) ? (slot: slot, token: token) : nil
        }
        guard let first = found.first else { throw TokenError(.tokenAbsent) }
        guard found.count == 1 else { throw TokenError(.tokenAmbiguous) }
        return first
    }

    func key(of uri: TokenURI, in session: UInt) throws(TokenError) -> UInt {
        var keys: [UInt] = [0, 0]
        var count = UInt(keys.count)
        let code = unsafe COpenSSL_C_FindPrivateKeys(
            self.table, session, uri.object, UInt(uri.object?.count ?? 0), uri.id, UInt(uri.id?.count ?? 0), &keys,
            &count)
        guard code == 0 else { throw TokenError(.tokenAbsent, code: code) }
        guard count > 0 else { throw TokenError(.keyAbsent) }
        guard count == 1 else { throw TokenError(.keyAmbiguous) }
        return keys[0]
    }

    /// What the token can do with the key, best first.
    func schemes(of key: UInt, in session: UInt, slot: UInt) throws(TokenError) -> [SignatureScheme] {
        var mechanisms = [UInt](repeating: 0, count: 1_024)
        var count = UInt(mechanisms.count)
        let code = unsafe COpenSSL_C_GetMechanismList(self.table, slot, &mechanisms, &count)
        guard code == 0 else { throw TokenError(.tokenAbsent, code: code) }
        let known = Set(mechanisms.prefix(Int(count)))
        let all: [SignatureScheme]
        switch try self.attribute(Attribute.keyType, of: key, in: session).littleEndian {
        case 0:
            all = [
                .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512, .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512,
            ]
        case 3:
            switch try self.attribute(Attribute.curve, of: key, in: session) {
            case Attribute.p256: all = [.ecdsaP256SHA256]
            case Attribute.p384: all = [.ecdsaP384SHA384]
            default: all = []
            }
        default: all = []
        }
        let schemes = all.filter { known.contains($0.mechanism) }
        guard !schemes.isEmpty else { throw TokenError(.keyUnsupported) }
        return schemes
    }

    private func attribute(_ type: UInt, of key: UInt, in session: UInt) throws(TokenError) -> [UInt8] {
        var value = [UInt8](repeating: 0, count: 256)
        var length = UInt(value.count)
        let code = unsafe COpenSSL_C_GetAttributeValue(self.table, session, key, type, &value, &length)
        guard code == 0, length <= value.count else { throw TokenError(.keyAbsent, code: code) }
        return Array(value.prefix(Int(length)))
    }

    func sign(_ data: [UInt8], _ scheme: SignatureScheme, in session: TokenSession) throws(TokenError) -> [UInt8] {
        let digest = scheme.digest.value(of: data)
        let input = scheme.padding == .pkcs1 ? scheme.digest.information + digest : digest
        var signature = [UInt8](repeating: 0, count: 2_048)
        var length = UInt(signature.count)
        var pss = COpenSSL_ck_pss(
            digest: scheme.digest.mechanism, generator: scheme.digest.generator, saltLength: UInt(digest.count))
        let code = unsafe withUnsafePointer(to: &pss) { pss in
            unsafe COpenSSL_C_Sign(
                self.table, session.handle, session.key, scheme.mechanism, scheme.padding == .pss ? pss : nil, input,
                UInt(input.count), &signature, &length)
        }
        guard code == 0, length > 0, length <= signature.count else { throw TokenError(.signatureFailed, code: code) }
        let value = signature.prefix(Int(length))
        return scheme.padding == .none ? encodedECDSA(value) : Array(value)
    }
}

/// `Ecdsa-Sig-Value` (RFC 5480 appendix A) of two numbers of the same length, one after the other.
private func encodedECDSA(_ numbers: ArraySlice<UInt8>) -> [UInt8] {
    let half = numbers.count / 2
    let integers = [numbers.prefix(half), numbers.suffix(half)].flatMap { number in
        var bytes = Array(number.drop { $0 == 0 })
        if bytes.first.map({ $0 >= 0x80 }) ?? true { bytes.insert(0, at: 0) }
        return [0x02, UInt8(bytes.count)] + bytes
    }
    // P-384 makes 104 bytes at most: the length always fits into one byte.
    return [0x30, UInt8(integers.count)] + integers
}

/// PKCS#11 2.40 appendix A, and the curves as CKA_EC_PARAMS has them (DER).
private enum Attribute {
    static let keyType: UInt = 0x100
    static let curve: UInt = 0x180
    static let p256: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
    static let p384: [UInt8] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
}

extension SignatureScheme {
    /// CKM_RSA_PKCS, CKM_RSA_PKCS_PSS, CKM_ECDSA: all over a digest that we have made.
    fileprivate var mechanism: UInt {
        switch self.padding {
        case .pkcs1: 0x1
        case .pss: 0xD
        case .none: 0x1041
        }
    }
}

extension AlgorithmFloor.Digest {
    fileprivate var mechanism: UInt {
        switch self {
        case .sha256: 0x250
        case .sha384: 0x260
        case .sha512: 0x270
        }
    }

    /// CKG_MGF1_….
    fileprivate var generator: UInt {
        switch self {
        case .sha256: 2
        case .sha384: 3
        case .sha512: 4
        }
    }

    /// What PKCS#1 1.5 puts before the digest (RFC 8017 §9.2, note 1).
    fileprivate var information: [UInt8] {
        let (number, length): (UInt8, UInt8) =
            switch self {
            case .sha256: (1, 32)
            case .sha384: (2, 48)
            case .sha512: (3, 64)
            }
        return [0x30, 17 + length, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, number]
            + [0x05, 0x00, 0x04, length]
    }

    func value(of data: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        _ = unsafe EVP_Digest(data, data.count, &digest, &length, self.algorithm, nil)
        return Array(digest.prefix(Int(length)))
    }

    var algorithm: OpaquePointer {
        switch self {
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }
}

extension [UInt8] {
    /// A number of the machine's size, as modules write it: in its own byte order.
    fileprivate var littleEndian: UInt { self.reversed().reduce(0) { $0 << 8 | UInt($1) } }
}
