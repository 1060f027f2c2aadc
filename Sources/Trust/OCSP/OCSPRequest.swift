internal import COpenSSL

/// A question to an OCSP responder about one certificate (RFC 6960 §4.1), without a nonce, since answers are kept
/// (RFC 5019 §2.1).
package enum OCSPRequest {
    /// The request in DER; the identifier is made with SHA-1, which every responder knows (RFC 5019 §2.1.1).
    package static func encoded(about certificate: Certificate, issuer: Certificate) throws(LibCryptoError) -> [UInt8] {
        ERR_clear_error()
        guard let request = unsafe OCSP_REQUEST_new() else { throw LibCryptoError(operation: "make an OCSP request") }
        defer { unsafe OCSP_REQUEST_free(request) }
        guard let identifier = unsafe OCSP_cert_to_id(EVP_sha1(), certificate.pointer, issuer.pointer) else {
            throw LibCryptoError(operation: "make an OCSP request")
        }
        // The request becomes the identifier's owner only when this succeeds.
        guard unsafe OCSP_request_add0_id(request, identifier) != nil else {
            unsafe OCSP_CERTID_free(identifier)
            throw LibCryptoError(operation: "make an OCSP request")
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_OCSP_REQUEST(request, &bytes)
        guard length > 0, let bytes = unsafe bytes else { throw LibCryptoError(operation: "make an OCSP request") }
        defer { unsafe CRYPTO_free(bytes, #file, #line) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }
}
