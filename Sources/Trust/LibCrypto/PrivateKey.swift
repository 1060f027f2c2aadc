/// One private key of ours, read into memory or left in its token; never printed.
enum PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
    case memory(MemoryKey)
    case token(TokenKey)

    /// Reads the first private key of a PEM text; an encrypted one is an error, nobody is asked for a passphrase.
    init(pem: [UInt8]) throws(LibCryptoError) { self = .memory(try MemoryKey(pem: pem)) }

    /// Finds a key in its token (RFC 7512).
    init(uri: String, access: TokenAccess = .ofProcess) throws(TokenError) {
        self = .token(try TokenKey(uri: uri, access: access))
    }

    /// Whether this is the certificate's key; one in a token proves it with a signature.
    ///
    /// Throws when the token does not sign; a key in memory never does.
    func belongs(to certificate: Certificate) throws(TokenError) -> Bool {
        switch self {
        case .memory(let key): key.matches(certificate)
        case .token(let key): try key.belongs(to: certificate)
        }
    }

    /// The same; a token that does not sign proves nothing.
    func matches(_ certificate: Certificate) -> Bool { (try? self.belongs(to: certificate)) ?? false }

    /// The key in its token, for whoever signs something else than CMS; nil when it is in memory.
    var token: TokenKey? {
        if case .token(let key) = self { key } else { nil }
    }

    var description: String { "<private key>" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
