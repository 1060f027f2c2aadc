internal import COpenSSL

/// A CMS message that lacks its signature: for a key that libcrypto does not have, we make the signed attributes and put
/// the signature over them in (RFC 5652 §5.3, §5.4, §5.6).
///
/// Of the content it keeps the digest only, so that nothing said waits for a slow token.
@safe struct SignatureDraft: ~Copyable {
    /// What is to be signed.
    let attributes: [UInt8]
    let scheme: SignatureScheme
    private let message: OpaquePointer
    /// Belongs to the message.
    private let signer: OpaquePointer

    init(of signer: CMSSigner, over content: [UInt8], token: TokenKey) throws(SigningError) {
        // TLS 1.3 alone is signed with PSS; a message's signature stays what receivers have always seen.
        guard let scheme = token.schemes.first(where: { $0.padding != .pss && $0.digest == .sha256 }) else {
            throw .token(TokenError(.keyUnsupported))
        }
        ERR_clear_error()
        let message = try unsafe signer.startMessage()
        guard let key = unsafe X509_get0_pubkey(signer.certificate.pointer),
            let record = unsafe CMS_add1_signer(
                message, signer.certificate.pointer, key, EVP_sha256(), CMSSigner.flags),
            unsafe Self.addAttributes(to: record, digest: scheme.digest.value(of: content))
        else {
            let error = LibCryptoError(operation: "add the signer")
            unsafe CMS_ContentInfo_free(message)
            throw .library(error)
        }
        self.scheme = scheme
        self.attributes = unsafe Self.signedAttributes(of: record)
        unsafe self.message = message
        unsafe self.signer = record
    }

    deinit { unsafe CMS_ContentInfo_free(self.message) }

    /// The message in DER.
    consuming func finished(with signature: [UInt8]) throws(SigningError) -> [UInt8] {
        ERR_clear_error()
        var algorithm: UnsafeMutablePointer<X509_ALGOR>?
        unsafe CMS_SignerInfo_get0_algs(self.signer, nil, nil, nil, &algorithm)
        let isRSA = self.scheme.padding == .pkcs1
        let name = isRSA ? NID_rsaEncryption : NID_ecdsa_with_SHA256
        guard
            unsafe X509_ALGOR_set0(algorithm, OBJ_nid2obj(name), isRSA ? V_ASN1_NULL : V_ASN1_UNDEF, nil) == 1,
            unsafe ASN1_STRING_set(CMS_SignerInfo_get0_signature(self.signer), signature, Int32(signature.count)) == 1
        else { throw .library(LibCryptoError(operation: "put in the signature")) }
        return try unsafe CMSSigner.encoded(self.message)
    }

    private static func addAttributes(to signer: OpaquePointer, digest: [UInt8]) -> Bool {
        guard let time = unsafe X509_gmtime_adj(nil, 0) else { return false }
        defer { unsafe ASN1_TIME_free(time) }
        return unsafe CMS_signed_add1_attr_by_NID(
            signer, NID_pkcs9_contentType, V_ASN1_OBJECT, UnsafeRawPointer(OBJ_nid2obj(NID_pkcs7_data)), -1) == 1
            && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time.pointee.type, time, -1) == 1
            && CMS_signed_add1_attr_by_NID(
                signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, Int32(digest.count)) == 1
    }

    /// DER of the attributes as a SET OF, which is what is signed: not the [0] that stands in the message.
    private static func signedAttributes(of signer: OpaquePointer) -> [UInt8] {
        let attributes = unsafe (0..<CMS_signed_get_attr_count(signer)).map { index in
            let attribute = unsafe CMS_signed_get_attr(signer, index)
            let length = unsafe i2d_X509_ATTRIBUTE(attribute, nil)
            return unsafe [UInt8](unsafeUninitializedCapacity: Int(max(0, length))) { buffer, count in
                var position = buffer.baseAddress
                count = unsafe Int(max(0, i2d_X509_ATTRIBUTE(attribute, &position)))
            }
        }
        let content = attributes.sorted { $0.lexicographicallyPrecedes($1) }.flatMap(\.self)
        // Three attributes, one of them as long as the digest: between 90 and 150 bytes.
        let length = content.count < 0x80 ? [UInt8(content.count)] : [0x81, UInt8(clamping: content.count)]
        return [0x31] + length + content
    }
}
