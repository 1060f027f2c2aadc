internal import COpenSSL

/// Reads one object from bytes; the caller becomes its owner.
func parse(
    _ bytes: [UInt8], operation: String, _ read: (UnsafeBufferPointer<UInt8>) -> OpaquePointer?
) throws(LibCryptoError) -> OpaquePointer {
    ERR_clear_error()
    guard let pointer = unsafe bytes.withUnsafeBufferPointer(read) else { throw LibCryptoError(operation: operation) }
    ERR_clear_error()
    return unsafe pointer
}

/// Reads every block of one kind from a PEM text; blocks of other kinds are skipped.
func readPEM<Object>(
    _ pem: [UInt8], operation: String, next: (OpaquePointer) -> Object?
) throws(LibCryptoError) -> [Object] {
    let result: Result<[Object], LibCryptoError> = withCleanErrorQueue {
        unsafe pem.withUnsafeBufferPointer { buffer in
            do throws(LibCryptoError) {
                let bio = unsafe try MemoryBIO(reading: buffer)
                var objects: [Object] = []
                while let object = unsafe next(bio.pointer) { objects.append(object) }
                guard COpenSSL_ERR_is_end_of_pem() == 1 else { throw LibCryptoError(operation: operation) }
                return .success(objects)
            } catch {
                return .failure(error)
            }
        }
    }
    return try result.get()
}

/// A distinguished name as an RFC 4514 string, most specific part first; empty when it cannot be written.
func nameText(_ name: OpaquePointer?) -> String {
    guard let name = unsafe name, let bio = try? MemoryBIO() else { return "" }
    guard unsafe X509_NAME_print_ex(bio.pointer, name, 0, COpenSSL_NAME_FORMAT) >= 0 else { return "" }
    return String(decoding: bio.contents, as: UTF8.self)
}

/// The values of one attribute of a name, in the order of the certificate.
func nameEntries(_ name: OpaquePointer?, _ attribute: Int32) -> [String] {
    var values: [String] = []
    var index: Int32 = -1
    while true {
        index = unsafe X509_NAME_get_index_by_NID(name, attribute, index)
        guard index >= 0 else { return values }
        let entry = unsafe X509_NAME_get_entry(name, index)
        var text: UnsafeMutablePointer<UInt8>?
        let length = unsafe ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
        guard length >= 0, let text = unsafe text else { continue }
        values.append(unsafe String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self))
        unsafe CRYPTO_free(text, #file, #line)
    }
}

/// An ASN.1 integer in upper-case hexadecimal.
func integerText(_ integer: UnsafePointer<ASN1_INTEGER>?) -> String {
    guard let number = unsafe ASN1_INTEGER_to_BN(integer, nil) else { return "" }
    defer { unsafe BN_free(number) }
    guard let text = unsafe BN_bn2hex(number) else { return "" }
    defer { unsafe CRYPTO_free(text, #file, #line) }
    return unsafe String(cString: text)
}

/// An ASN.1 time in seconds since 1970 (UTC).
func secondsSince1970(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    guard let time = unsafe time, let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
    defer { unsafe ASN1_TIME_free(epoch) }
    var days: Int32 = 0
    var seconds: Int32 = 0
    guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
    return Int64(days) * 86_400 + Int64(seconds)
}

/// Bytes in lower-case hexadecimal.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// SHA-256 over bytes.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
    return digest
}
