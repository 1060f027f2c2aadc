/// The ingress could not start, or ended by itself.
package struct HTTPIngressError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The snapshot's server certificate, key or client anchors cannot be used for TLS.
        case credentialsUnusable = "credentials-unusable"
        /// The address and port cannot be listened on.
        case cannotListen = "cannot-listen"
        /// The listening socket was closed although nobody asked for it.
        case stoppedListening = "stopped-listening"
    }

    package let code: Code
    /// What the library said; names no peer and no key.
    package let cause: String

    package var description: String { self.cause.isEmpty ? self.code.rawValue : "\(self.code.rawValue): \(self.cause)" }
}
