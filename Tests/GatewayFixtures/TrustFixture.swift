package import Gateway
package import SHS
import Synchronization

/// A verifier that believes every signature, or gives the reason it was told to give.
package struct BelievingVerifier: MessageVerifying {
    package let parties: PartyRegister
    private let signer: CertificateIdentity
    private let refusal: Fault?

    package init(parties: PartyRegister, signer: CertificateIdentity, refusal: Fault? = nil) {
        self.parties = parties
        self.signer = signer
        self.refusal = refusal
    }

    package func verify(_ form: SignedEntity.Form, at instant: Int64) -> VerificationResult {
        if let refusal { return .refused(refusal, VerdictSummary(reason: "untrusted", failed: ["path"])) }
        switch form {
        case .detached(let content, _):
            return .verified(.asserted(content, signedBy: self.signer), VerdictSummary(reason: nil))
        case .opaque: return .refused(.signatureMalformed, VerdictSummary(reason: "signature-malformed"))
        }
    }

    package func identifyClient(_ certificates: [[UInt8]], at instant: Int64) -> CertificateIdentity? { self.signer }
}

/// Signs with nothing: an empty DER sequence, or the error it was told to throw.
package struct EmptySigner: MessageSigning {
    package struct Failure: Error {}

    private let fails: Bool

    package init(fails: Bool = false) {
        self.fails = fails
    }

    package func sign(_ content: [UInt8]) throws -> [UInt8] {
        if self.fails { throw Failure() }
        return [0x30, 0x00]
    }
}

extension CertificateIdentity {
    /// A certificate that names an organisation, or none.
    package static func fixture(
        organisation: String? = RequestFixture.municipality, subject: String = "CN=fixture,C=SE"
    ) -> Self {
        Self(
            subject: subject, subjectSerialNumber: organisation.map { "16" + $0 }, commonName: "fixture",
            issuer: "CN=issuer,C=SE", serialNumber: "0A", fingerprint: String(repeating: "ab", count: 32),
            notAfter: 2_000_000_000)
    }
}

extension ReplyAssembler {
    /// With a fixed date and numbered identifiers.
    package static func fixture(signer: any MessageSigning = EmptySigner()) -> Self {
        let counter = Atomic<Int>(0)
        return Self(
            signer: signer, localDateTime: { "2026-01-02T03:04:05" },
            newUUID: {
                let number = "\(counter.add(1, ordering: .relaxed).newValue)"
                return "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - number.count) + number
            })
    }
}
