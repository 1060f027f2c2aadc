/// Who the client says it is; never shows the password when printed.
package enum AMQPCredentials: Sendable {
    /// SASL PLAIN.
    case password(user: String, password: String)

    /// SASL EXTERNAL: the broker takes the name from the client certificate (plugin `rabbitmq_auth_mechanism_ssl`).
    case external
}

extension AMQPCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .password(let user, _): "password of \(user)"
        case .external: "client certificate"
        }
    }

    package var debugDescription: String { self.description }

    /// Keeps `dump` and string interpolation of an enclosing value from walking into the password.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The files for TLS towards the broker, all PEM.
///
/// They are read anew at every connect, so a rotated certificate is taken up by the next connection.
package struct AMQPTLSFiles: Sendable, Equatable {
    /// The certificate authorities that may have issued the broker's certificate.
    ///
    /// Always verified.
    package var certificateAuthorities: String

    /// The client's certificate, with its intermediates after it.
    package var certificate: String?

    /// The client's private key.
    package var privateKey: String?

    package init(certificateAuthorities: String, certificate: String? = nil, privateKey: String? = nil) {
        self.certificateAuthorities = certificateAuthorities
        self.certificate = certificate
        self.privateKey = privateKey
    }
}
