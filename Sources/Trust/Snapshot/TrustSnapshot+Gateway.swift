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

    /// The same decision with everything that led to it: what `verify` prints.
    package func outcome(of form: SignedEntity.Form, at instant: Int64) -> CMSVerifier.Outcome {
        switch form {
        case .detached(let content, let signature): self.verifyMessage(signature: signature, over: content, at: instant)
        case .opaque(let message): self.verifyMessage(opaque: message, at: instant)
        }
    }
}

extension CMSSigner: MessageSigning {
    package func sign(_ content: [UInt8]) throws -> [UInt8] { try self.signature(over: content) }
}
