internal import COpenSSL

/// Collects what libcrypto finds wrong with one path.
///
/// The verification goes on after an error, so that a verdict can list every check, unless the path leads nowhere:
/// nobody vouches for the certificates then, and they are not worth the work. Whatever was recorded is judged by the
/// policy, whatever `X509_verify_cert` returns in the end.
final class PathRecorder {
    private static let maximumFindings = 64

    private let policy: TrustPolicy
    private let instant: Int64
    private(set) var judged: [JudgedFinding] = []

    private var skew: Int64 { self.policy.clockSkewAllowance }

    init(policy: TrustPolicy, instant: Int64) {
        self.policy = policy
        self.instant = instant
    }

    /// libcrypto's callback; finds its recorder through the context, or through the context that it was started from.
    static let callback: @convention(c) (Int32, OpaquePointer?) -> Int32 = { ok, context in
        guard ok == 0, let context = unsafe context else { return ok }
        let parent = unsafe X509_STORE_CTX_get0_parent_ctx(context)
        guard let reference = unsafe X509_STORE_CTX_get_ex_data(parent ?? context, 0) else { return 0 }
        // The verifier keeps the recorder alive for as long as the context exists.
        let recorder = unsafe Unmanaged<PathRecorder>.fromOpaque(reference).takeUnretainedValue()
        return unsafe recorder.errorFound(in: context, isRevocationPath: parent != nil) ? 1 : 0
    }

    /// Returns whether the verification shall go on.
    private func errorFound(in context: OpaquePointer, isRevocationPath: Bool) -> Bool {
        let code = unsafe X509_STORE_CTX_get_error(context)
        guard unsafe !self.tolerates(code, in: context) else {
            unsafe X509_STORE_CTX_set_error(context, X509_V_OK)
            return true
        }
        let depth = unsafe Int(X509_STORE_CTX_get_error_depth(context))
        unsafe self.record(code, depth: depth, isRevocationPath: isRevocationPath, in: context)
        // Stopping early makes X509_verify_cert fail, which refuses.
        return !self.leadsNowhere && self.judged.count < Self.maximumFindings
    }

    private func record(_ code: Int32, depth: Int, isRevocationPath: Bool, in context: OpaquePointer) {
        let finding = TrustCheck.Finding(libcrypto: code, depth: depth, inRevocationPath: isRevocationPath)
        let judged = unsafe self.judge(code, finding, in: context)
        self.judged.append(isRevocationPath ? judged.aboutListSigner : judged)
    }

    private func judge(_ code: Int32, _ finding: TrustCheck.Finding, in context: OpaquePointer) -> JudgedFinding {
        switch code {
        case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD,
            X509_V_ERR_INVALID_EXTENSION:
            return self.policy.judgeHard(finding)
        case X509_V_ERR_CRL_HAS_EXPIRED where unsafe self.isInGrace(X509_STORE_CTX_get0_current_crl(context)):
            let warning = TrustCheck.Finding(
                reason: finding.reason, depth: finding.depth,
                detail: "the revocation list has run out and is in its grace")
            return self.policy.judgeGrace(warning)
        default: return self.policy.judge(finding)
        }
    }

    /// Whether a list that has run out still counts.
    private func isInGrace(_ list: OpaquePointer?) -> Bool {
        guard let list = unsafe list else { return false }
        let end = unsafe secondsSince1970(X509_CRL_get0_nextUpdate(list))
        let stage = RevocationStage.stage(
            nextUpdate: end, at: self.instant - self.skew, grace: self.policy.revocationGrace)
        return stage == .grace
    }

    /// Whether the verification ended early because the path is not one.
    var leadsNowhere: Bool {
        self.judged.contains {
            switch $0.finding.reason {
            case .untrusted, .badCertificateSignature, .internalFailure: true
            default: false
            }
        }
    }

    private func tolerates(_ code: Int32, in context: OpaquePointer) -> Bool {
        switch code {
        case X509_V_ERR_CA_BCONS_NOT_CRITICAL:
            // RFC 5280 §6.1.4 (k) asks for the extension, not for its criticality; §4.2.1.9 asks issuers. An anchor
            // that we chose ourselves has to be right.
            guard let certificate = unsafe X509_STORE_CTX_get_current_cert(context) else { return false }
            return unsafe X509_get_extension_flags(certificate) & UInt32(EXFLAG_SS) == 0
        case X509_V_ERR_CERT_HAS_EXPIRED:
            let end = unsafe secondsSince1970(X509_get0_notAfter(X509_STORE_CTX_get_current_cert(context)))
            return self.skew > 0 && end.map { self.instant < $0 + self.skew } ?? false
        case X509_V_ERR_CERT_NOT_YET_VALID:
            let start = unsafe secondsSince1970(X509_get0_notBefore(X509_STORE_CTX_get_current_cert(context)))
            return self.skew > 0 && start.map { $0 - self.skew <= self.instant } ?? false
        case X509_V_ERR_CRL_HAS_EXPIRED:
            let end = unsafe secondsSince1970(X509_CRL_get0_nextUpdate(X509_STORE_CTX_get0_current_crl(context)))
            return self.skew > 0 && end.map { self.instant < $0 + self.skew } ?? false
        case X509_V_ERR_CRL_NOT_YET_VALID:
            let start = unsafe secondsSince1970(X509_CRL_get0_lastUpdate(X509_STORE_CTX_get0_current_crl(context)))
            return start.map { $0 - self.policy.startAllowance <= self.instant } ?? false
        default: return false
        }
    }
}
