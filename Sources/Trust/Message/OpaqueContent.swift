/// The content inside a signature, without any check of that signature: for showing a message's structure only.
package enum OpaqueContent {
    /// Nil when it is not readable SignedData with content inside.
    ///
    /// What comes back is not verified.
    package static func unchecked(_ message: [UInt8]) -> [UInt8]? {
        withCleanErrorQueue {
            guard let message = try? SignedData(parsing: message) else { return nil }
            return message.uncheckedContent
        }
    }
}
