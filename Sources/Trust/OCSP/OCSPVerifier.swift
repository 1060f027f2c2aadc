internal import COpenSSL
internal import Gateway

/// Decides about OCSP responses: RFC 6960 §3.2 and §4.2.2.2 in libcrypto, each condition with a reason of its own.
///
/// A response counts when the issuer of the certificate signed it, or a delegate whose certificate that issuer itself
/// issued for `id-kp-OCSPSigning`. Nobody else may, also not an anchor.
package enum OCSPVerifier {
    /// Decides about one response.
    ///
    /// - Parameters:
    ///   - der: The response as the responder sent it.
    ///   - certificate: Whose status is asked for; nil decides about the response alone.
    ///   - issuers: Who may have issued the certificate; the hashes in the response say which of them it is.
    ///   - trust: Anchors; any of them ends a path, also one that is not self-signed.
    ///   - revocationLists: What a delegate without `id-pkix-ocsp-nocheck` is looked up in, as far as there are any.
    ///   - instant: Seconds since 1970 (UTC).
    package static func verify(
        _ der: [UInt8], about certificate: Certificate? = nil, issuers: [Certificate], trust: [Certificate],
        revocationLists: [RevocationList] = [], at instant: Int64, policy: OCSPPolicy = .strict
    ) -> OCSPVerdict {
        let response: OCSPResponse
        do throws(OCSPResponse.Failure) {
            response = try OCSPResponse(der: der)
        } catch {
            return .refused(error.reason, error.detail)
        }
        guard response.count > 0 else { return .refused(.malformed, "there is no answer in it") }
        guard response.count <= policy.maximumAnswers else {
            return .refused(.tooManyAnswers, "it holds more answers than are looked at")
        }
        let own = certificate.map { asked in issuers.filter { $0.issued(asked) } } ?? issuers
        let candidates = own.filter(response.isAbout(issuer:))
        guard !candidates.isEmpty else {
            return .refused(.wrongIssuer, "an answer is about a certificate of another issuer")
        }
        // Certificates of one issuer with the same name and key differ in validity only: any that leads to trust will do.
        var verdict: OCSPVerdict?
        for issuer in candidates {
            let examination = OCSPExamination(
                response: response, certificate: certificate, issuer: issuer, helpers: issuers, trust: trust,
                revocationLists: revocationLists, instant: instant, policy: policy)
            let next = examination.verdict()
            if next.accepted { return next }
            verdict = verdict ?? next
        }
        return verdict ?? .refused(.wrongIssuer, "an answer is about a certificate of another issuer")
    }
}
