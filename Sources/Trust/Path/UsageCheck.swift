internal import COpenSSL

/// What a certificate may be used for: version, key usage and extended key usage (RFC 5280 §4.2.1.3, §4.2.1.12).
///
/// libcrypto's own purpose check accepts an end entity without extended key usage for everything, and version 1; so
/// the decision is ours:
/// - an end entity is a version 3 certificate;
/// - key usage, when present, allows signatures: `digitalSignature`, or `nonRepudiation` for a signer;
/// - extended key usage: a TLS client needs `clientAuth`, a TLS server `serverAuth`, by name; a signer may have none,
///   else it must hold `emailProtection` or `anyExtendedKeyUsage` (RFC 8550 §4.4.4);
/// - a certificate authority's certificate is no TLS certificate, and signs messages only when its key usage says so;
/// - an intermediate authority that limits its extended key usage does so for all that it issues.
struct UsageCheck {
    let purpose: CertificatePurpose

    /// Why the end entity may not be used for the purpose; nil when it may.
    func objection(to certificate: Certificate) -> String? {
        guard certificate.isVersion3 else { return "an end entity must have a version 3 certificate" }
        if certificate.hasKeyUsage {
            guard certificate.keyUsage & self.keyUsages != 0 else { return "key usage does not allow signatures" }
        }
        if certificate.isAuthority {
            guard self.purpose == .signer, certificate.hasKeyUsage else { return "an authority is not an end entity" }
        }
        if certificate.hasExtendedKeyUsage || self.purpose != .signer {
            guard certificate.hasExtendedKeyUsage, certificate.extendedKeyUsage & self.extendedUsages != 0 else {
                return "extended key usage does not allow the purpose"
            }
        }
        return nil
    }

    /// Why an intermediate authority may not issue for the purpose; nil when it may.
    func objection(toAuthority certificate: Certificate) -> String? {
        guard certificate.hasExtendedKeyUsage else { return nil }
        let allowed = self.extendedUsages | UInt32(XKU_ANYEKU)
        return certificate.extendedKeyUsage & allowed != 0
            ? nil : "extended key usage of the authority does not allow the purpose"
    }

    private var keyUsages: UInt32 {
        switch self.purpose {
        case .signer: UInt32(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)
        case .client, .server: UInt32(KU_DIGITAL_SIGNATURE)
        }
    }

    private var extendedUsages: UInt32 {
        switch self.purpose {
        case .signer: UInt32(XKU_SMIME | XKU_ANYEKU)
        case .client: UInt32(XKU_SSL_CLIENT)
        case .server: UInt32(XKU_SSL_SERVER)
        }
    }
}
