/// Why a key in a token cannot be used; holds no PIN and no text of the token, so that it may be logged.
package struct TokenError: Error, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        /// The URI cannot be read, or does not say which token and which key (RFC 7512).
        case uriUnreadable = "the pkcs11 URI cannot be read, or names no token and key"
        /// A set is copied about; a PIN in it would be as well.
        case pinInURI = "the pkcs11 URI holds a PIN: put it into the secrets folder, or name a file with pin-source"
        /// A set may not decide which program we load.
        case moduleInURI = "the pkcs11 URI names a module: that is configuration (pkcs11.module)"
        case moduleMissing = "no PKCS#11 module is configured (pkcs11.module)"
        case moduleUnusable = "the PKCS#11 module cannot be loaded"
        case tokenAbsent = "the token is not there"
        case tokenAmbiguous = "several tokens match the URI"
        case keyAbsent = "the token has no such private key"
        case keyAmbiguous = "several private keys of the token match the URI"
        case keyUnsupported = "the key is neither RSA nor on P-256 or P-384, or the token cannot sign with it"
        case pinMissing = "there is no PIN for the token"
        case pinExposed = "everybody may read the file with the PIN"
        /// Not tried again until it has changed: tokens lock themselves after a few wrong ones.
        case pinWrong = "the token refused the PIN; it is not tried again before a reload or with another PIN"
        case pinLocked = "the token has locked its PIN"
        /// One more wrong PIN would lock the token: a person has to look.
        case pinLastTry = "the token has one try for its PIN left, which is not ours to take"
        case signatureFailed = "the token did not sign"
        case busy = "too many signatures are waiting for the token"
        case tooSlow = "the token did not answer in time (pkcs11.timeout)"
        case keyOfAnotherCertificate = "the token's key is not the certificate's"
    }

    package let reason: Reason
    /// What the module returned (CKR_…, PKCS#11 2.40 §5.1); 0 when it was not the module that refused.
    package let code: UInt

    package init(_ reason: Reason, code: UInt = 0) {
        self.reason = reason
        self.code = code
    }

    /// Whether the same signature is worth another try later, while the process runs.
    ///
    /// The token may come back, or a person set its PIN right. A refused PIN is not tried again by that.
    package var mayPass: Bool {
        switch self.reason {
        case .tokenAbsent, .tokenAmbiguous, .keyAbsent, .keyAmbiguous, .signatureFailed, .busy, .tooSlow,
            .moduleUnusable, .pinMissing, .pinExposed, .pinWrong, .pinLocked, .pinLastTry:
            true
        case .uriUnreadable, .pinInURI, .moduleInURI, .moduleMissing, .keyUnsupported, .keyOfAnotherCertificate: false
        }
    }

    /// Whether the module may see the token again when it is started anew.
    var mayPassWithNewStart: Bool {
        switch self.reason {
        case .tokenAbsent, .keyAbsent, .signatureFailed, .moduleUnusable: true
        default: false
        }
    }

    package var description: String {
        self.code == 0 ? self.reason.rawValue : "\(self.reason.rawValue) (CKR 0x\(String(self.code, radix: 16)))"
    }
}

/// Why something could not be signed.
package enum SigningError: Error, Hashable, CustomStringConvertible {
    case library(LibCryptoError)
    case token(TokenError)

    /// Whether the same signature is worth another try later.
    package var mayPass: Bool {
        switch self {
        case .library: false
        case .token(let error): error.mayPass
        }
    }

    package var description: String {
        switch self {
        case .library(let error): error.description
        case .token(let error): error.description
        }
    }
}
