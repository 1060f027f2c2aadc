internal import COpenSSL

/// A libcrypto stack that borrows certificates: their owners must outlive it.
@safe struct CertificateStack: ~Copyable {
    let pointer: OpaquePointer

    init(borrowing certificates: [Certificate]) throws(LibCryptoError) {
        guard let pointer = unsafe COpenSSL_sk_X509_new() else { throw LibCryptoError(operation: "make a stack") }
        for certificate in certificates {
            guard unsafe COpenSSL_sk_X509_push(pointer, certificate.pointer) > 0 else {
                unsafe COpenSSL_sk_X509_free(pointer)
                throw LibCryptoError(operation: "make a stack")
            }
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe COpenSSL_sk_X509_free(self.pointer) }

    /// The certificates of a stack that someone else owns, each with a reference of its own.
    static func certificates(of stack: OpaquePointer?) -> [Certificate] {
        guard let stack = unsafe stack else { return [] }
        return unsafe (0..<COpenSSL_sk_X509_num(stack)).compactMap { index in
            unsafe COpenSSL_sk_X509_value(stack, index).map { unsafe Certificate(sharing: $0) }
        }
    }
}
