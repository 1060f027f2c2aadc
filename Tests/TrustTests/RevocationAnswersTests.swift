import Foundation
import Gateway
import Testing
import Trust

/// What OCSP answers mean for a certificate path: with `openssl ocsp` as the responder, every reason asserted.
struct RevocationAnswersTests {
    private static let delegateUsage = "keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning"

    private let root: TestAuthority
    private let holder: TestAuthority.Issued

    init() throws {
        self.root = try TestAuthority(subject: "/CN=Root")
        self.holder = try self.root.issue(subject: "/CN=Holder", extensions: TestAuthority.signerUsage)
    }

    private func answers(
        _ responses: [UInt8]..., lists: [RevocationList] = [], at instant: Int64 = now()
    ) throws -> RevocationAnswers {
        RevocationAnswers(
            responses: responses, authorities: [try self.root.own.certificate()], lists: lists, at: instant)
    }

    private func verdict(
        _ answers: RevocationAnswers, lists: [RevocationList] = [], policy: TrustPolicy = TrustPolicy(),
        at instant: Int64 = now()
    ) throws -> CertificateVerdict {
        let verifier = try CertificateVerifier(
            anchors: [self.root.own.certificate()], revocationLists: lists, answers: answers, policy: policy)
        return verifier.verify(try self.holder.certificate(), purpose: .signer, at: instant)
    }

    private func details(_ verdict: CertificateVerdict) -> [String] {
        verdict.checks.first { $0.kind == .revocation }?.findings.map(\.detail) ?? []
    }

    @Test func `without a list a current answer decides: good passes, revoked and unknown do not`() throws {
        let responder = OCSPResponder(authority: self.root)
        let none = try self.verdict(.none)
        #expect(none.reason == .revocationUnknown)
        let good = try self.verdict(self.answers(responder.response(about: self.holder)))
        #expect(good.accepted && self.details(good).isEmpty)
        #expect(good.checks.first { $0.kind == .revocation }?.result == .passed)
        let revoked = try self.verdict(self.answers(responder.response(about: self.holder, revoked: true)))
        #expect(revoked.reason == .revoked)
        #expect(self.details(revoked).contains("the OCSP responder says that it is revoked"))
        let unknown = try self.verdict(self.answers(responder.response(about: self.holder, known: false)))
        #expect(unknown.reason == .revocationUnknown)
        #expect(self.details(unknown).contains("the OCSP responder does not know the certificate"))
    }

    @Test func `an answer about another certificate says nothing`() throws {
        let other = try self.root.issue(subject: "/CN=Other", extensions: TestAuthority.signerUsage)
        let answers = try self.answers(OCSPResponder(authority: self.root).response(about: other))
        #expect(!answers.isEmpty)
        #expect(try self.verdict(answers).reason == .revocationUnknown)
    }

    @Test func `an answer goes from fresh to grace to stale`() throws {
        var policy = TrustPolicy()
        policy.revocationGrace = day
        let response = try OCSPResponder(authority: self.root).response(about: self.holder)
        let answers = try self.answers(response)
        let end = try #require(
            answers.answer(about: self.holder.certificate(), issuer: self.root.own.certificate())?.nextUpdate)
        #expect(try self.verdict(answers, policy: policy, at: end - 1).checks.allSatisfy { $0.result == .passed })
        let grace = try self.verdict(answers, policy: policy, at: end)
        #expect(grace.accepted)
        #expect(self.details(grace) == ["the OCSP answer has run out and is in its grace"])
        #expect(grace.checks.first { $0.kind == .revocation }?.result == .warned)
        let stale = try self.verdict(answers, policy: policy, at: end + day)
        #expect(stale.reason == .revocationUnknown)
        #expect(self.details(stale).contains("the OCSP answer has run out"))
        #expect(try self.verdict(answers, at: end).reason == .revocationUnknown)
        #expect(answers.stages(at: end - 1, policy: policy) == [.fresh: 1])
        #expect(answers.stages(at: end, policy: policy) == [.grace: 1])
        #expect(answers.stages(at: end + day, policy: policy) == [.stale: 1])
        // Read only then, it is the same.
        let late = try self.answers(response, at: end + day / 2)
        #expect(try self.verdict(late, policy: policy, at: end + day / 2).accepted)
        // Where the policy warns, what has run out is a warning.
        policy.set(.warn, for: .revocation)
        #expect(try self.verdict(answers, policy: policy, at: end + day).accepted)
    }

    @Test func `a revocation does not run out, with its answer or with who signed it`() throws {
        var policy = TrustPolicy()
        policy.set(.warn, for: .revocation)
        let short = try self.root.issue(subject: "/CN=Responder", extensions: Self.delegateUsage)
        let responder = OCSPResponder(authority: self.root, signer: short)
        let revoked = try responder.response(about: self.holder, revoked: true)
        let late = now() + 3 * day
        #expect(try self.verdict(self.answers(revoked), policy: policy, at: late).reason == .revoked)
        #expect(try self.verdict(self.answers(revoked, at: late), policy: policy, at: late).reason == .revoked)
        // After 30 days the delegate's certificate has ended, and so has everybody's.
        let end = now() + 31 * day
        let past = try self.answers(revoked, at: end)
        #expect(!past.isEmpty)
        #expect(try self.answers(responder.response(about: self.holder), at: end).isEmpty)
    }

    @Test func `revoked by either is revoked, and the later of two answers counts`() throws {
        let responder = OCSPResponder(authority: self.root)
        let good = try responder.response(about: self.holder)
        let revoked = try responder.response(about: self.holder, revoked: true)
        let unknown = try responder.response(about: self.holder, known: false)
        let empty = try self.root.revocationList()
        let serial = try self.holder.certificate().identity.serialNumber
        let naming = try self.root.revocationList(number: 2, revoking: [serial])
        #expect(try self.verdict(self.answers(revoked), lists: [empty]).reason == .revoked)
        #expect(try self.verdict(self.answers(good), lists: [naming]).reason == .revoked)
        #expect(try self.verdict(self.answers(good), lists: [empty]).accepted)
        // A current list is enough, whatever the responder does not know.
        #expect(try self.verdict(self.answers(unknown), lists: [empty]).accepted)
        // Of one second, the revocation stands.
        #expect(try self.verdict(self.answers(good, revoked)).reason == .revoked)
        #expect(try self.verdict(self.answers(revoked, good)).reason == .revoked)
        // A list that has run out and revokes is not made good by an answer.
        let late = now() + 8 * day
        let fresh = try OCSPResponder(authority: self.root, days: 20).response(about: self.holder)
        #expect(try self.verdict(self.answers(fresh), lists: [empty], at: late).accepted)
        #expect(try self.verdict(self.answers(fresh), lists: [naming], at: late).reason == .revoked)
    }

    @Test func `what is not to be believed changes nothing, and is named`() throws {
        let other = try TestAuthority(subject: "/CN=Root")
        let foreign = try other.issue(subject: "/CN=Holder", extensions: TestAuthority.signerUsage)
        let wrongUsage = try self.root.issue(subject: "/CN=Responder", extensions: "extendedKeyUsage=serverAuth")
        let stranger = try other.issue(subject: "/CN=Responder", extensions: Self.delegateUsage)
        let good = try OCSPResponder(authority: self.root).response(about: self.holder)
        // The last digit of its end.
        var flipped = good
        let time = try #require(flipped.indices.last { flipped[$0...].starts(with: [0x18, 0x0F]) })
        flipped[time + 15] ^= 1
        let cases: [([UInt8], OCSPRefusal)] = [
            (try OCSPResponder(authority: other).response(about: foreign), .wrongIssuer),
            (
                try OCSPResponder(authority: self.root, signer: wrongUsage).response(about: self.holder),
                .responderNotAuthorized
            ),
            (
                try OCSPResponder(authority: self.root, signer: stranger).response(about: self.holder),
                .responderNotIssuedByIssuer
            ),
            (flipped, .signatureInvalid), (Array(good.dropLast(7)), .malformed),
            (
                try OCSPResponder(authority: self.root, signatureDigest: "sha1").response(about: self.holder),
                .weakAlgorithm
            ),
        ]
        for (response, reason) in cases {
            let answers = try self.answers(response)
            #expect(answers.refusals.map(\.value) == [reason])
            #expect(try self.verdict(answers).reason == .revocationUnknown)
        }
        let early = try self.answers(good, at: now() - 3_600)
        #expect(early.refusals.map(\.value) == [.notYetValid] && early.isEmpty)
    }

    @Test func `a delegate that is revoked, or has ended, vouches for nothing good`() throws {
        let delegate = try self.root.issue(subject: "/CN=Responder", extensions: Self.delegateUsage)
        let responder = OCSPResponder(authority: self.root, signer: delegate, days: 60)
        let response = try responder.response(about: self.holder)
        #expect(try self.verdict(self.answers(response)).accepted)
        let list = try self.root.revocationList(revoking: [delegate.certificate().identity.serialNumber])
        let answers = try self.answers(response, lists: [list])
        #expect(answers.refusals.map(\.value) == [.responderRevoked] && answers.isEmpty)
        let known = try #require(
            try self.answers(response).answer(
                about: self.holder.certificate(), issuer: self.root.own.certificate()))
        #expect(known.stage(at: now() + 29 * day, policy: TrustPolicy()) == .fresh)
        #expect(known.stage(at: now() + 31 * day, policy: TrustPolicy()) == .stale)
    }

    @Test func `an issuing authority is asked about as well, the anchor is not`() throws {
        let issuing = try TestAuthority(subject: "/CN=Issuing", parent: self.root)
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: TestAuthority.signerUsage)
        let about = try OCSPResponder(authority: issuing).response(about: signer)
        func verdict(_ responses: [UInt8]...) throws -> CertificateVerdict {
            let authorities = [try self.root.own.certificate(), try issuing.own.certificate()]
            let verifier = try CertificateVerifier(
                anchors: [authorities[0]], intermediates: [authorities[1]], revocationLists: [],
                answers: RevocationAnswers(responses: responses, authorities: authorities, at: now()))
            return verifier.verify(try signer.certificate(), purpose: .signer, at: now())
        }
        #expect(try verdict(about).reason == .revocationUnknown)
        let responder = OCSPResponder(authority: self.root)
        #expect(try verdict(about, responder.response(about: issuing.own)).accepted)
        #expect(try verdict(about, responder.response(about: issuing.own, revoked: true)).reason == .revoked)
    }
}
