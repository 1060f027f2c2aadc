/// Where the key of an own certificate is; never printed with its key.
package enum KeySource: Sendable, CustomStringConvertible, CustomReflectable {
    /// A key file: its text, and where it is.
    case pem([UInt8], path: String)
    /// A key in a token (RFC 7512).
    case token(uri: String)

    package var description: String {
        switch self {
        case .pem: "<key file>"
        case .token: "<key in a token>"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
