internal import COpenSSL

/// What libcrypto said when an operation failed: constant texts of the library, never data that it worked on.
package struct LibCryptoError: Error, Hashable, CustomStringConvertible {
    /// What was tried, in our words.
    package let operation: String
    /// The library's packed error code; 0 when it left none.
    package let code: UInt
    /// The library's constant text for the code.
    package let text: String

    /// Reads the first error of this thread's queue, which is its cause, and empties the queue.
    init(operation: String) {
        self.operation = operation
        self.code = ERR_peek_error()
        // The returned string is a static constant of the library.
        self.text = unsafe ERR_reason_error_string(self.code).map { unsafe String(cString: $0) } ?? "unknown"
        ERR_clear_error()
    }

    package var description: String { "\(self.operation): \(self.text)" }
}

/// Runs one operation with an empty error queue before and after, so that no old error is read as a new one.
func withCleanErrorQueue<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    ERR_clear_error()
    defer { ERR_clear_error() }
    return try body()
}
