import Foundation
import Gateway
import Testing
import Trust

/// Who may answer, about whom and until when (RFC 6960), with `openssl ocsp` as the responder.
struct OCSPVerifierTests {
    private static let delegateUsage = "keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning"

    private let root: TestAuthority
    private let issuing: TestAuthority
    private let holder: TestAuthority.Issued

    init() throws {
        self.root = try TestAuthority(subject: "/CN=Root")
        self.issuing = try TestAuthority(subject: "/CN=Issuing", parent: self.root)
        self.holder = try self.issuing.issue(subject: "/CN=Holder", extensions: TestAuthority.signerUsage)
    }

    private func verdict(
        _ response: [UInt8], issuer: TestAuthority? = nil, trust: TestAuthority? = nil,
        lists: [RevocationList] = [], at instant: Int64 = now() + 5, policy: OCSPPolicy = .strict
    ) throws -> OCSPVerdict {
        OCSPVerifier.verify(
            response, about: try self.holder.certificate(), issuers: [try (issuer ?? self.issuing).own.certificate()],
            trust: [try (trust ?? self.root).own.certificate()], revocationLists: lists, at: instant, policy: policy)
    }

    private func delegate(
        of authority: TestAuthority, extensions: String = OCSPVerifierTests.delegateUsage
    ) throws -> TestAuthority.Issued {
        try authority.issue(subject: "/CN=Responder", extensions: extensions)
    }

    @Test(arguments: ["sha1", "sha256", "sha384", "sha512"])
    func `the issuer answers for its own certificates, whatever the identifier is made with`(digest: String) throws {
        let responder = OCSPResponder(authority: self.issuing, identifierDigest: digest)
        let good = try self.verdict(try responder.response(about: self.holder))
        #expect(good.accepted && good.status == .good && good.findings.isEmpty)
        let answer = try #require(good.answers.first)
        let made = try #require(answer.thisUpdate)
        #expect(try answer.serialNumber == self.holder.certificate().identity.serialNumber)
        #expect(answer.nextUpdate == made + day)
        #expect(try self.verdict(try responder.response(about: self.holder, revoked: true)).status == .revoked)
        #expect(try self.verdict(try responder.response(about: self.holder, known: false)).status == .unknown)
    }

    @Test func `a delegate answers when the issuer itself issued it for that`() throws {
        let responder = OCSPResponder(authority: self.issuing, signer: try self.delegate(of: self.issuing))
        let verdict = try self.verdict(try responder.response(about: self.holder))
        #expect(verdict.status == .good)
        #expect(verdict.responder?.commonName == "Responder")
    }

    @Test func `a delegate for something else may not answer`() throws {
        for usage in [
            "extendedKeyUsage=serverAuth", "keyUsage=digitalSignature", "extendedKeyUsage=anyExtendedKeyUsage",
        ] {
            let signer = try self.delegate(of: self.issuing, extensions: usage)
            let responder = OCSPResponder(authority: self.issuing, signer: signer)
            #expect(try self.verdict(try responder.response(about: self.holder)).reason == .responderNotAuthorized)
        }
        let signer = try self.delegate(
            of: self.issuing, extensions: "keyUsage=critical,keyEncipherment\nextendedKeyUsage=OCSPSigning")
        let responder = OCSPResponder(authority: self.issuing, signer: signer)
        #expect(try self.verdict(try responder.response(about: self.holder)).reason == .responderNotAuthorized)
    }

    @Test func `a delegate of another authority may not answer, not even one of the root`() throws {
        let sibling = try TestAuthority(subject: "/CN=Sibling", parent: self.root)
        for authority in [sibling, self.root] {
            let responder = OCSPResponder(authority: self.issuing, signer: try self.delegate(of: authority))
            let verdict = try self.verdict(try responder.response(about: self.holder))
            #expect(verdict.reason == .responderNotIssuedByIssuer)
            #expect(verdict.status == nil)
        }
    }

    @Test func `an anchor may not answer for another authority's certificates`() throws {
        let responder = OCSPResponder(authority: self.issuing, signer: self.root.own)
        let response = try responder.response(about: self.holder)
        #expect(try self.verdict(response).reason == .responderNotIssuedByIssuer)
    }

    @Test func `a delegate of an authority with the same name and another key may not answer`() throws {
        let impostor = try TestAuthority(subject: "/CN=Issuing")
        let responder = OCSPResponder(authority: self.issuing, signer: try self.delegate(of: impostor))
        let response = try responder.response(about: self.holder)
        #expect(try self.verdict(response).reason == .responderNotIssuedByIssuer)
        let own = OCSPResponder(authority: impostor)
        #expect(try self.verdict(try own.response(about: self.holder)).reason == .wrongIssuer)
    }

    @Test func `a revoked delegate may not answer, unless the issuer said not to check`() throws {
        for (extra, expected) in [("", OCSPRefusal.responderRevoked), ("\nnoCheck=ignored", nil)] {
            let signer = try self.delegate(of: self.issuing, extensions: Self.delegateUsage + extra)
            let response = try OCSPResponder(authority: self.issuing, signer: signer).response(about: self.holder)
            let list = try self.issuing.revocationList(revoking: [signer.certificate().identity.serialNumber])
            #expect(try self.verdict(response, lists: [list]).reason == expected)
            #expect(try self.verdict(response).accepted)
        }
    }

    @Test func `a delegate whose certificate has run out may not answer`() throws {
        var responder = OCSPResponder(authority: self.issuing, signer: try self.delegate(of: self.issuing))
        responder.days = 60
        let response = try responder.response(about: self.holder)
        #expect(try self.verdict(response, at: now() + 31 * day).reason == .responderOutOfDate)
    }

    @Test func `the issuer has to lead to an anchor`() throws {
        let response = try OCSPResponder(authority: self.issuing).response(about: self.holder)
        let stranger = try TestAuthority(subject: "/CN=Stranger")
        #expect(try self.verdict(response, trust: stranger).reason == .untrusted)
        // An intermediate authority may be an anchor of its own.
        #expect(try self.verdict(response, trust: self.issuing).accepted)
    }

    @Test func `an answer about another certificate is none`() throws {
        let other = try self.issuing.issue(subject: "/CN=Other", extensions: TestAuthority.signerUsage)
        let response = try OCSPResponder(authority: self.issuing).response(about: other)
        let verdict = try self.verdict(response)
        #expect(verdict.reason == .certificateNotCovered)
        #expect(verdict.status == nil)
    }

    @Test func `one answer of several is found, and too many are not looked at`() throws {
        let other = try self.issuing.issue(subject: "/CN=Other", extensions: TestAuthority.signerUsage)
        let response = try OCSPResponder(authority: self.issuing, further: [other]).response(about: self.holder)
        let verdict = try self.verdict(response)
        #expect(verdict.status == .good && verdict.answers.count == 1)
        var policy = OCSPPolicy.strict
        policy.maximumAnswers = 1
        #expect(try self.verdict(response, policy: policy).reason == .tooManyAnswers)
    }

    @Test func `an answer counts in its own validity only, give or take the skew`() throws {
        let response = try OCSPResponder(authority: self.issuing).response(about: self.holder)
        let made = try #require(try self.verdict(response).answers.first?.thisUpdate)
        #expect(try self.verdict(response, at: made + day - 1).accepted)
        #expect(try self.verdict(response, at: made + day).reason == .expired)
        // The certificates may be as young as the answer, which is another reason.
        let early = try self.verdict(response, at: made - 1).findings.map(\.reason)
        #expect(early.contains(.notYetValid))
        var policy = OCSPPolicy.strict
        policy.clockSkewAllowance = 60
        #expect(try self.verdict(response, at: made + day + 59, policy: policy).accepted)
        #expect(try self.verdict(response, at: made + day + 60, policy: policy).reason == .expired)
    }

    @Test func `an answer without an end counts for the configured age`() throws {
        let response = try OCSPResponder(authority: self.issuing, days: nil).response(about: self.holder)
        let answer = try #require(try self.verdict(response).answers.first)
        let made = try #require(answer.thisUpdate)
        #expect(answer.nextUpdate == nil)
        #expect(try self.verdict(response, at: made + 3_599).accepted)
        #expect(try self.verdict(response, at: made + 3_600).reason == .expired)
    }

    @Test func `a weak signature is refused, or told as a warning where only authenticity is asked for`() throws {
        let response = try OCSPResponder(authority: self.issuing, signatureDigest: "sha1").response(about: self.holder)
        #expect(try self.verdict(response).reason == .weakAlgorithm)
        let verdict = try self.verdict(response, at: now() + 2 * day, policy: .authenticity)
        #expect(verdict.status == .good)
        #expect(verdict.findings.map(\.reason) == [.weakAlgorithm, .expired])
        #expect(verdict.findings.map(\.isWarning) == [true, true])
    }

    @Test func `a responder's error is no answer`() throws {
        for status: UInt8 in [1, 2, 3, 5, 6] {
            #expect(try self.verdict([0x30, 0x03, 0x0A, 0x01, status]).reason == .responderError)
        }
        // Successful, and nothing in it.
        #expect(try self.verdict([0x30, 0x03, 0x0A, 0x01, 0]).reason == .unsupportedType)
        #expect(try self.verdict([]).reason == .malformed)
        #expect(try self.verdict([UInt8]("<html>not found</html>".utf8)).reason == .malformed)
    }

    @Test func `no cut, no byte too many and no flipped byte makes another answer`() throws {
        let signer = try self.delegate(of: self.issuing)
        let response = try OCSPResponder(authority: self.issuing, signer: signer).response(
            about: self.holder, revoked: true)
        let original = try self.verdict(response)
        #expect(original.status == .revoked)
        for length in 0..<response.count {
            #expect(try self.verdict(Array(response.prefix(length))).reason == .malformed)
        }
        #expect(try self.verdict(response + [0]).reason == .malformed)
        for index in response.indices {
            var changed = response
            changed[index] ^= 0x01
            let verdict = try self.verdict(changed)
            // What is outside of the signature may change only what it does not say.
            #expect(!verdict.accepted || verdict.answers == original.answers)
        }
    }

    @Test func `a question names the certificate in a form that responders read`() throws {
        let request = try OCSPRequest.encoded(
            about: self.holder.certificate(), issuer: self.issuing.own.certificate())
        let folder = try TemporaryFolder()
        try folder.write(request, to: "request")
        let text = try Tool.openssl("ocsp", "-reqin", folder.file("request"), "-req_text").text
        let serial = try self.holder.certificate().identity.serialNumber
        #expect(text.contains("Serial Number: \(serial)"))
        #expect(!text.contains("Nonce"))
    }
}
