internal import COpenSSL
internal import Gateway

/// One response held against one issuer.
struct OCSPExamination {
    let response: OCSPResponse
    let certificate: Certificate?
    let issuer: Certificate
    /// Certificates that may stand between the issuer and an anchor.
    let helpers: [Certificate]
    let trust: [Certificate]
    let revocationLists: [RevocationList]
    let instant: Int64
    let policy: OCSPPolicy

    func verdict() -> OCSPVerdict {
        let named = ([self.issuer] + self.response.certificates).filter(self.response.names(responder:))
        guard !named.isEmpty else {
            return .refused(.responderUnknown, "no certificate is the one that the responder ID names")
        }
        guard let signer = named.first(where: self.response.isSigned(by:)) else {
            return .refused(.signatureInvalid, "the signature is not the named responder's")
        }
        let answers = self.response.answers(about: self.certificate, policy: self.policy, at: self.instant)
        var findings = signer.fingerprint == self.issuer.fingerprint ? [] : self.findings(delegate: signer)
        if findings.isEmpty,
            !self.response.verifies(issuer: self.issuer, helpers: self.helpers, anchors: self.trust, at: self.instant)
        {
            findings.append(.failure(.untrusted, "there is no valid path from the responder to an anchor"))
        }
        if answers.isEmpty {
            findings.append(.failure(.certificateNotCovered, "there is no answer about the certificate"))
        }
        if self.response.hasCriticalExtension {
            findings.append(.failure(.criticalExtension, "it has a critical extension that is not known"))
        }
        findings += self.strength(of: signer) + self.timeliness(of: answers)
        return OCSPVerdict(
            findings: findings, responder: signer.identity, producedAt: self.response.producedAt, answers: answers,
            issuerKey: self.issuer.authorityKey)
    }

    /// What RFC 6960 §4.2.2.2 asks of a delegate.
    private func findings(delegate: Certificate) -> [OCSPVerdict.Finding] {
        guard self.issuer.issued(delegate) else {
            return [.failure(.responderNotIssuedByIssuer, "the issuer did not issue the responder's certificate")]
        }
        var findings: [OCSPVerdict.Finding] = []
        let mayAnswer =
            delegate.isVersion3 && delegate.hasExtendedKeyUsage
            && delegate.extendedKeyUsage & UInt32(XKU_OCSP_SIGN) != 0
        let maySign = delegate.keyUsage & UInt32(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION) != 0
        if !mayAnswer || !maySign {
            findings.append(.failure(.responderNotAuthorized, "the responder's certificate is not for OCSP signing"))
        }
        if delegate.hasBrokenExtension {
            findings.append(.failure(.responderNotAuthorized, "the responder's certificate cannot be read"))
        }
        guard let start = delegate.notBefore, let end = delegate.notAfter, start <= self.instant, self.instant < end
        else {
            return findings + [.failure(.responderOutOfDate, "the responder's certificate is not valid at this time")]
        }
        // RFC 6960 §4.2.2.2.1: with nocheck the issuer vouches for it until its end.
        if !delegate.hasOCSPNoCheck, self.revocationLists.contains(where: { self.revokes(delegate, by: $0) }) {
            findings.append(.failure(.responderRevoked, "the issuer has revoked the responder's certificate"))
        }
        return findings
    }

    private func revokes(_ delegate: Certificate, by list: RevocationList) -> Bool {
        list.isSigned(by: self.issuer) && list.revokes(delegate)
    }

    private func strength(of signer: Certificate) -> [OCSPVerdict.Finding] {
        let floor = self.policy.algorithms
        let disposition = self.policy.weakAlgorithms
        var findings: [OCSPVerdict.Finding] = []
        if !self.response.isSigned(within: floor) {
            findings.append(.init(.weakAlgorithm, "the response's signature is below the floor", disposition))
        }
        if !floor.accepts(keyOf: signer) {
            findings.append(.init(.weakAlgorithm, "the responder's key is below the floor", disposition))
        }
        if signer.fingerprint != self.issuer.fingerprint, !floor.accepts(signatureOf: signer) {
            findings.append(.init(.weakAlgorithm, "the responder's certificate is signed below the floor", disposition))
        }
        return findings
    }

    private func timeliness(of answers: [OCSPVerdict.Answer]) -> [OCSPVerdict.Finding] {
        let latest = self.instant + self.policy.clockSkewAllowance
        var findings: [OCSPVerdict.Finding] = []
        if let produced = self.response.producedAt, produced > latest {
            findings.append(.init(.notYetValid, "the response is from the future", self.policy.outOfDate))
        }
        for answer in answers where !answer.isCurrent {
            let isEarly = answer.thisUpdate.map { $0 > latest } ?? false
            findings.append(
                isEarly
                    ? .init(.notYetValid, "an answer is from the future", self.policy.outOfDate)
                    : .init(.expired, "an answer has run out", self.policy.outOfDate))
        }
        return findings
    }
}

extension OCSPVerdict {
    static func refused(_ reason: OCSPRefusal, _ detail: String) -> Self {
        Self(findings: [.failure(reason, detail)])
    }
}

extension OCSPVerdict.Finding {
    init(_ reason: OCSPRefusal, _ detail: String, _ disposition: OCSPPolicy.Disposition) {
        self.init(reason: reason, detail: detail, isWarning: disposition == .warn)
    }

    static func failure(_ reason: OCSPRefusal, _ detail: String) -> Self { Self(reason, detail, .fail) }
}
