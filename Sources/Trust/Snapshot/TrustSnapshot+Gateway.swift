package import Gateway
package import SHS

extension TrustSnapshot: MessageVerifying {
    package func verify(_ form: SignedEntity.Form, at instant: Int64) -> VerificationResult {
        let outcome = self.outcome(of: form, at: instant)
        if let content = outcome.content { return .verified(content) }
        return .refused(outcome.verdict.reason?.fault(for: .signer) ?? .internalError)
    }

    package func identifyClient(_ certificates: [[UInt8]], at instant: Int64) -> CertificateIdentity? {
        let verdict = self.verifyClient(certificatesDER: certificates, at: instant)
        return verdict.accepted ? verdict.holder : nil
    }
}

extension CMSSigner: MessageSigning {
    package func sign(_ content: [UInt8]) throws -> [UInt8] { try self.signature(over: content) }
}
