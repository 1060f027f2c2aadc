package import Gateway
package import SHS

extension TrustSnapshot: MessageVerifying {
    package func verify(_ form: SignedEntity.Form, at instant: Int64) -> VerificationResult {
        let outcome = self.outcome(of: form, at: instant)
        let summary = outcome.verdict.summary
        if let content = outcome.content { return .verified(content, summary) }
        return .refused(outcome.verdict.reason?.fault(for: .signer) ?? .internalError, summary)
    }

    package func identifyClient(_ certificates: [[UInt8]], at instant: Int64) -> CertificateIdentity? {
        let verdict = self.verifyClient(certificatesDER: certificates, at: instant)
        return verdict.accepted ? verdict.holder : nil
    }
}

extension CMSSigner: MessageSigning {}

extension SigningError: SigningProblem {}

extension MessageVerdict {
    /// What the log keeps of it.
    package var summary: VerdictSummary { VerdictSummary(reason: self.reason, checks: self.checks) }
}

extension CertificateVerdict {
    /// What the log keeps of it.
    package var summary: VerdictSummary { VerdictSummary(reason: self.reason, checks: self.checks) }
}

extension VerdictSummary {
    fileprivate init(reason: RefusalReason?, checks: [TrustCheck]) {
        func names(_ result: String) -> [String] {
            checks.filter { $0.result.rawValue == result }.map(\.kind.rawValue)
        }
        self.init(reason: reason?.rawValue, failed: names("failed"), warned: names("warned"))
    }
}
