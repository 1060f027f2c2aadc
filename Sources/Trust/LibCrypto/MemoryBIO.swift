internal import COpenSSL

/// Owner of a libcrypto memory stream.
@safe struct MemoryBIO: ~Copyable {
    let pointer: OpaquePointer

    /// An empty stream to write to.
    init() throws(LibCryptoError) {
        guard let pointer = unsafe BIO_new(unsafe BIO_s_mem()) else { throw LibCryptoError(operation: "open a stream") }
        unsafe self.pointer = pointer
    }

    /// A stream that reads `bytes` in place: they must outlive it.
    init(reading bytes: UnsafeBufferPointer<UInt8>) throws(LibCryptoError) {
        // BIO_new_mem_buf takes a length of type int and refuses a null pointer, which an empty array may have.
        guard let length = Int32(exactly: bytes.count) else { throw LibCryptoError(operation: "read more than 2 GiB") }
        let pointer = unsafe bytes.baseAddress.map { unsafe BIO_new_mem_buf($0, length) } ?? BIO_new(BIO_s_mem())
        guard let pointer = unsafe pointer else { throw LibCryptoError(operation: "open a stream") }
        unsafe self.pointer = pointer
    }

    deinit { unsafe BIO_free_all(self.pointer) }

    /// What has been written so far.
    var contents: [UInt8] {
        var data: UnsafeMutablePointer<CChar>?
        let length = unsafe COpenSSL_BIO_get_mem_data(self.pointer, &data)
        guard length > 0, let data = unsafe data else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: data, count: length))
    }
}
