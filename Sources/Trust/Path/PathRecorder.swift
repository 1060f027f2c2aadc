internal import COpenSSL

/// Collects what libcrypto finds wrong with one path.
///
/// The verification goes on after an error, so that a verdict can list every check, unless the path leads nowhere:
/// nobody vouches for the certificates then, and they are not worth the work. Whatever was recorded refuses, whatever
/// `X509_verify_cert` returns in the end.
final class PathRecorder {
    private static let maximumFindings = 64

    private let skew: Int64
    private let instant: Int64
    private(set) var findings: [TrustCheck.Finding] = []

    init(skew: Int64, instant: Int64) {
        self.skew = skew
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
        self.findings.append(.init(libcrypto: code, depth: depth, inRevocationPath: isRevocationPath))
        return !self.leadsNowhere && self.findings.count < Self.maximumFindings
    }

    /// Whether the verification ended early because the path is not one.
    var leadsNowhere: Bool {
        self.findings.contains {
            switch $0.reason {
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
            return self.skew > 0 && start.map { $0 - self.skew <= self.instant } ?? false
        default: return false
        }
    }
}
