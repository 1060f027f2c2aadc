package import SHS

/// Why a certificate or a signature is not accepted: the closed list that verdicts, logs and metrics share.
///
/// The raw values are stable. When several reasons hold, the one that stands first here is the verdict's: what is
/// said by an untrusted certificate does not matter, and a revoked one is worth more than an expired one.
package enum RefusalReason: String, CaseIterable, Codable, Sendable {
    // The message
    case signatureMissing = "signature-missing"
    case signatureMalformed = "signature-malformed"
    case severalSigners = "several-signers"
    case signatureNested = "signature-nested"
    case signerCertificateMissing = "signer-certificate-missing"
    // The certificate path
    case internalFailure = "internal-failure"
    case malformed
    case untrusted
    case badCertificateSignature = "bad-certificate-signature"
    case weakAlgorithm = "weak-algorithm"
    case revoked
    case expired
    case notYetValid = "not-yet-valid"
    case wrongUsage = "wrong-usage"
    case notAnAuthority = "not-an-authority"
    case criticalExtension = "critical-extension"
    case nameConstraint = "name-constraint"
    case policy
    case wrongServerName = "wrong-server-name"
    case revocationUnknown = "revocation-unknown"
    // The message again: asked only when the path is good
    case signatureInvalid = "signature-invalid"
}

extension RefusalReason {
    /// What the sender of a message is told; a refused transport certificate says no more than that, unless it may be accepted soon.
    package func fault(for purpose: CertificatePurpose) -> Fault {
        guard purpose == .signer else {
            return self == .revocationUnknown ? .transportRevocationUnknown : .transportUntrusted
        }
        return switch self {
        case .signatureMissing: .signatureMissing
        case .signatureMalformed, .signerCertificateMissing: .signatureMalformed
        case .severalSigners: .severalSigners
        case .signatureNested: .signatureNested
        case .signatureInvalid: .signatureInvalid
        case .internalFailure: .internalError
        case .malformed, .untrusted, .badCertificateSignature, .notAnAuthority, .criticalExtension, .nameConstraint,
            .policy, .wrongServerName:
            .certificateUntrusted
        case .weakAlgorithm: .algorithmTooWeak
        case .revoked: .certificateRevoked
        case .expired: .certificateExpired
        case .notYetValid: .certificateNotYetValid
        case .wrongUsage: .certificateWrongUsage
        case .revocationUnknown: .revocationUnknown
        }
    }

    /// The check that finds it.
    package var check: TrustCheck.Kind {
        switch self {
        case .signatureMissing, .signatureMalformed, .severalSigners, .signatureNested, .signerCertificateMissing:
            .structure
        case .internalFailure, .untrusted: .path
        case .malformed, .criticalExtension: .extensions
        case .badCertificateSignature: .pathSignatures
        case .weakAlgorithm: .algorithms
        case .revoked, .revocationUnknown: .revocation
        case .expired, .notYetValid: .validity
        case .wrongUsage: .usage
        case .notAnAuthority: .authorities
        case .nameConstraint: .nameConstraints
        case .policy: .policies
        case .wrongServerName: .serverName
        case .signatureInvalid: .signature
        }
    }

    /// Position in the list: the smaller one is reported.
    var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}
