internal import COpenSSL
package import Gateway
package import SHS

/// Verifies S/MIME signatures (RFC 8551): exactly one signer, a certificate from the message, anchors and lists from
/// us.
///
/// Only the bytes returned as ``Outcome/content`` are covered by the signature; nothing else of the message may be
/// read on.
package struct CMSVerifier: Sendable {
    /// A verdict and, when it accepts, what was signed.
    package struct Outcome: Sendable {
        package let verdict: MessageVerdict
        /// Nil unless the verdict accepts.
        package let content: Verified<[UInt8]>?
    }

    private let certificates: CachingVerifier

    package init(certificates: CertificateVerifier) {
        self.certificates = CachingVerifier(certificates)
    }

    /// Decides about a signer's certificate without a message: DER, its own first.
    func verifySigner(der chain: [[UInt8]], at instant: Int64) -> CertificateVerdict {
        self.certificates.verify(der: chain, purpose: .signer, at: instant)
    }

    /// Verifies the one signature of a message.
    package func verify(_ entity: SignedEntity.Form, at instant: Int64) -> Outcome {
        switch entity {
        case .detached(let content, let signature): self.verify(signature: signature, over: content, at: instant)
        case .opaque(let message): self.verify(opaque: message, at: instant)
        }
    }

    /// Verifies a detached signature over `content`: as it is, else with line ends as CRLF.
    package func verify(signature: [UInt8], over content: [UInt8], at instant: Int64) -> Outcome {
        self.verify(signature, at: instant) { message throws(Refusal) in
            guard !message.hasContent else {
                throw Refusal(.signatureMalformed, "a detached signature holds content of its own")
            }
            return { Self.coverage(of: signature, parsed: $0, over: content) }
        }
    }

    /// Verifies a signature with its content inside.
    package func verify(opaque message: [UInt8], at instant: Int64) -> Outcome {
        self.verify(message, at: instant) { message throws(Refusal) in
            guard message.hasContent else { throw Refusal(.signatureMalformed, "the signature holds no content") }
            return { message in
                guard message.verifies(detached: nil), let content = message.uncheckedContent else { return nil }
                return (.opaque, content)
            }
        }
    }

    private typealias Covered = (coverage: MessageVerdict.Coverage, bytes: [UInt8])

    private func verify(
        _ bytes: [UInt8], at instant: Int64,
        form: (borrowing SignedData) throws(Refusal) -> ((borrowing SignedData) -> Covered?)
    ) -> Outcome {
        withCleanErrorQueue {
            do throws(Refusal) {
                guard let message = try? SignedData(parsing: bytes) else {
                    throw Refusal(.signatureMalformed, "the signature cannot be read")
                }
                let signer = try Self.signer(of: message)
                let check = try form(message)
                return try self.verify(message, signer: signer, at: instant, check: check)
            } catch {
                return Outcome(verdict: .refused(error.reason, error.detail), content: nil)
            }
        }
    }

    /// RFC 5652 §5.1: what a message of ours may look like at all.
    private static func signer(of message: borrowing SignedData) throws(Refusal) -> SignerRecord {
        guard message.isSignedData else { throw Refusal(.signatureMalformed, "it is not CMS SignedData") }
        switch message.signerCount {
        case 0: throw Refusal(.signatureMissing, "nobody signed")
        case 1: break
        default: throw Refusal(.severalSigners, "there is more than one signer")
        }
        switch message.contentType {
        case NID_pkcs7_data: break
        case NID_pkcs7_signed: throw Refusal(.signatureNested, "the signed content is a signature")
        default: throw Refusal(.signatureMalformed, "the signed content is not plain data")
        }
        guard let signer = message.matchedSigner() else {
            throw Refusal(.signerCertificateMissing, "the signer's certificate is not in the message")
        }
        return signer
    }

    /// The path first: a key that nobody vouches for is not used on the content.
    private func verify(
        _ message: borrowing SignedData, signer: SignerRecord, at instant: Int64,
        check: (borrowing SignedData) -> Covered?
    ) throws(Refusal) -> Outcome {
        let others = message.certificates
        guard others.count <= SignedData.maximumCertificates else {
            throw Refusal(.signatureMalformed, "the message holds too many certificates")
        }
        let certificate = self.certificates.verify(
            signer.certificate, intermediates: others, purpose: .signer, at: instant)
        let policy = self.certificates.policy
        var findings: [JudgedFinding] = []
        if !signer.meets(policy.algorithms) {
            findings.append(
                policy.judge(
                    .init(reason: .weakAlgorithm, depth: 0, detail: "the message's algorithm is below the floor")))
        }
        guard certificate.accepted, findings.refusal == nil, let holder = certificate.holder else {
            let verdict = MessageVerdict(
                certificate: certificate, findings: findings, signatureChecked: false, coverage: nil)
            return Outcome(verdict: verdict, content: nil)
        }
        let covered = check(message)
        if let objection = self.objection(to: signer, covered: covered, others: others) {
            findings.append(policy.judgeHard(.init(reason: .signatureInvalid, depth: 0, detail: objection)))
        }
        let verdict = MessageVerdict(
            certificate: certificate, findings: findings, signatureChecked: true, coverage: covered?.coverage)
        guard verdict.accepted, let covered else { return Outcome(verdict: verdict, content: nil) }
        return Outcome(verdict: verdict, content: .asserted(covered.bytes, signedBy: holder))
    }

    private func objection(to signer: SignerRecord, covered: Covered?, others: [Certificate]) -> String? {
        guard let covered else { return "the signature does not match" }
        if signer.hasSignedAttributes {
            guard signer.statesPlainData else { return "the signed content type is not that of the content" }
            guard signer.namesItsCertificate(among: others + self.certificates.known) else {
                return "the signature names another certificate"
            }
        } else if covered.bytes.first == 0x31 {
            // Without signed attributes, content that begins like a DER SET may be another message's attributes.
            return "the signed content may be the attributes of another signature"
        }
        return nil
    }

    private static func coverage(
        of signature: [UInt8], parsed message: borrowing SignedData, over content: [UInt8]
    ) -> Covered? {
        if message.verifies(detached: content) { return (.exact, content) }
        let canonical = SignedEntity.canonicalised(content)
        guard canonical.count != content.count, let again = try? SignedData(parsing: signature) else { return nil }
        return again.verifies(detached: canonical) ? (.canonical, canonical) : nil
    }
}

/// Why a message is refused before its certificate is looked at.
private struct Refusal: Error {
    let reason: RefusalReason
    let detail: String

    init(_ reason: RefusalReason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
