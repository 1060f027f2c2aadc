internal import COpenSSL

/// A private key in memory, the owner of its libcrypto object; the library clears the memory when it is freed.
@safe final class MemoryKey: @unchecked Sendable {
    // @unchecked: never changed after parsing; libcrypto's operations on a shared key are thread-safe.
    let pointer: OpaquePointer

    init(pem: [UInt8]) throws(LibCryptoError) {
        unsafe self.pointer = try parse(pem, operation: "read a private key") { buffer in
            guard let bio = unsafe try? MemoryBIO(reading: buffer) else { return nil }
            return unsafe COpenSSL_PEM_read_private_key(bio.pointer)
        }
    }

    deinit { unsafe EVP_PKEY_free(self.pointer) }

    func matches(_ certificate: Certificate) -> Bool {
        withCleanErrorQueue { unsafe X509_check_private_key(certificate.pointer, self.pointer) == 1 }
    }
}
