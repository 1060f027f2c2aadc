import Foundation
import Gateway
import SHS
import Testing
import Trust

/// What each check means under each disposition: refused, accepted with a warning, accepted and listed as ignored.
struct DispositionTests {
    /// A path with exactly one thing wrong with it.
    private struct Flaw {
        let reason: RefusalReason
        let verdict: (TrustPolicy) throws -> CertificateVerdict
    }

    private static let leaf = TestAuthority.signerUsage

    /// One end entity below authorities.
    private static func flaw(
        _ reason: RefusalReason, authority: String = "", signer: String = leaf, subject: String = "/CN=Signer",
        key: [String] = TestAuthority.p256, at offset: Int64 = 0
    ) throws -> Flaw {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(
            subject: "/CN=Issuing", parent: root, extensions: "\(TestAuthority.authorityUsage)\n\(authority)")
        let issued = try issuing.issue(subject: subject, extensions: signer, key: key)
        // Lists that outlive the certificates: expiry is the only thing wrong.
        let lists = [try root.revocationList(days: 90), try issuing.revocationList(days: 90)]
        return Flaw(reason: reason) { policy in
            try CertificateVerifier(
                anchors: [root.own.certificate()], intermediates: [issuing.own.certificate()], revocationLists: lists,
                policy: policy
            ).verify(issued.certificate(), purpose: .signer, at: now() + offset)
        }
    }

    private static func flaw(of check: TrustCheck.Kind) throws -> Flaw {
        switch check {
        case .algorithms:
            try Self.flaw(.weakAlgorithm, key: ["rsa", "-pkeyopt", "rsa_keygen_bits:1024"])
        case .validity: try Self.flaw(.expired, at: 31 * day)
        case .extensions: try Self.flaw(.criticalExtension, signer: "\(leaf)\n1.2.3.4.5=critical,DER:05:00")
        case .authorities: try Self.authorityFlaw()
        case .usage: try Self.flaw(.wrongUsage, signer: "extendedKeyUsage=codeSigning")
        case .nameConstraints:
            try Self.flaw(
                .nameConstraint, authority: "nameConstraints=critical,permitted;dirName:n\n[n]\nO=Kommun",
                subject: "/O=Region/CN=Signer")
        case .policies:
            try Self.flaw(
                .policy, authority: "certificatePolicies=1.2.3.4\npolicyConstraints=critical,requireExplicitPolicy:0",
                signer: "\(leaf)\ncertificatePolicies=1.2.3.5")
        case .revocation: try Self.unknownRevocation()
        case .serverName: try Self.serverNameFlaw()
        case .structure, .path, .pathSignatures, .signature: preconditionFailure("not to be configured")
        }
    }

    private static func authorityFlaw() throws -> Flaw {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(
            subject: "/CN=Issuing", parent: root,
            extensions: "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign")
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        return Flaw(reason: .notAnAuthority) { try pathVerdict(signer, below: root, issuing, policy: $0) }
    }

    private static func unknownRevocation() throws -> Flaw {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        return Flaw(reason: .revocationUnknown) { policy in
            try CertificateVerifier(anchors: [root.own.certificate()], revocationLists: [], policy: policy)
                .verify(signer.certificate(), purpose: .signer, at: now())
        }
    }

    private static func serverNameFlaw() throws -> Flaw {
        let root = try TestAuthority(subject: "/CN=Root")
        let server = try root.issue(
            subject: "/CN=Server",
            extensions:
                "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:example.org")
        return Flaw(reason: .wrongServerName) { policy in
            try root.verifier(policy: policy).verify(
                server.certificate(), purpose: .server, serverName: "example.com", at: now())
        }
    }

    @Test(arguments: TrustCheck.Kind.configurable)
    func `a check refuses, warns or is ignored as configured, and says so`(check: TrustCheck.Kind) throws {
        let flaw = try Self.flaw(of: check)
        #expect(flaw.reason.check == check)
        for disposition in Disposition.allCases {
            var policy = TrustPolicy()
            let isSet = policy.set(disposition, for: check)
            #expect(isSet)
            let verdict = try flaw.verdict(policy)
            let result: TrustCheck.Result =
                switch disposition {
                case .fail: .failed
                case .warn: .warned
                case .ignore: .ignored
                }
            #expect(verdict.accepted == (disposition != .fail))
            #expect(verdict.reason == (disposition == .fail ? flaw.reason : nil))
            for own in verdict.checks {
                #expect(own.result == (own.kind == check ? result : .passed), "\(verdict)")
            }
            // What was found is listed in any case.
            let found = try #require(verdict.checks.first { $0.kind == check }).findings
            #expect(!found.isEmpty && found.allSatisfy { $0.reason == flaw.reason })
        }
        // Softening all the others does not soften this one.
        var others = TrustPolicy()
        for kind in TrustCheck.Kind.configurable where kind != check { others.set(.ignore, for: kind) }
        #expect(try flaw.verdict(others).reason == flaw.reason)
    }

    /// Everything softened as far as it goes.
    private static func softest(_ disposition: Disposition) -> TrustPolicy {
        var policy = TrustPolicy()
        for kind in TrustCheck.Kind.allCases { policy.set(disposition, for: kind) }
        return policy
    }

    @Test func `path, path signatures, structure and the message's signature cannot be softened`() throws {
        var policy = TrustPolicy()
        for kind in TrustCheck.Kind.allCases where !kind.isConfigurable {
            let isSet = [Disposition.warn, .ignore].map { policy.set($0, for: kind) }
            #expect(isSet == [false, false])
            #expect(policy.disposition(of: kind) == .fail)
        }
        #expect(policy == TrustPolicy())
        #expect(
            Set(TrustCheck.Kind.allCases).subtracting(TrustCheck.Kind.configurable)
                == [.structure, .path, .pathSignatures, .signature])
    }

    @Test(arguments: [Disposition.warn, .ignore])
    func `nothing softens a stranger, a forged path or bytes that are no certificate`(soft: Disposition) throws {
        let policy = Self.softest(soft)
        let root = try TestAuthority(subject: "/CN=Root")
        let other = try TestAuthority(subject: "/CN=Other")
        let stranger = try other.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let verifier = try root.verifier(policy: policy)
        #expect(verifier.verify(try stranger.certificate(), purpose: .signer, at: now()).reason == .untrusted)
        // The right issuer's name and key identifier, and a signature that is not its.
        let own = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        var spoiled = try own.der()
        spoiled[spoiled.count - 1] ^= 1
        let reason = try verifier.verify(Certificate(der: spoiled), purpose: .signer, at: now()).reason
        #expect(reason == .badCertificateSignature)
        let pki = try DevelopmentPKI.shared()
        let snapshot = try pki.snapshot(policy: policy, at: now())
        for der in [[], [0x30], [UInt8](repeating: 0x41, count: 500)] as [[UInt8]] {
            #expect(snapshot.verifyClient(certificatesDER: [der], at: now()).reason == .malformed)
        }
        #expect(snapshot.verifyClient(certificatesDER: [], at: now()).reason == .malformed)
    }

    @Test(arguments: [Disposition.warn, .ignore])
    func `nothing softens an extension that cannot be read`(soft: Disposition) throws {
        let root = try TestAuthority(subject: "/CN=Root")
        // Name constraints that are not what they should be.
        let issuing = try TestAuthority(
            subject: "/CN=Issuing", parent: root,
            extensions: "\(TestAuthority.authorityUsage)\n2.5.29.30=critical,DER:04:01:00")
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let broken = try root.issue(subject: "/CN=Signer", extensions: "2.5.29.15=critical,DER:04:01:00")
        #expect(try !pathVerdict(signer, below: root, issuing, policy: Self.softest(soft)).accepted)
        #expect(try !pathVerdict(broken, below: root, policy: Self.softest(soft)).accepted)
    }

    @Test(arguments: [Disposition.warn, .ignore])
    func `nothing softens a date that cannot be read`(soft: Disposition) throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let verifier = try root.verifier(policy: Self.softest(soft))
        for index in [0, 1] {
            var parts = DERNode(try signer.der())
            // The 13th month, signed by the right authority.
            parts[0][4][index] = .primitive(tag: 0x17, content: Array("261301000000Z".utf8))
            let folder = try TemporaryFolder()
            try folder.write(parts[0].encoded, to: "tbs")
            try Tool.openssl(
                "dgst", "-sha256", "-sign", root.own.keyFile, "-out", folder.file("signature"), folder.file("tbs"))
            parts[2] = .primitive(tag: 0x03, content: [0] + (try folder.read("signature")))
            let verdict = try verifier.verify(Certificate(der: parts.encoded), purpose: .signer, at: now())
            #expect(verdict.reason == .malformed, "\(verdict)")
        }
    }

    @Test(arguments: [Disposition.warn, .ignore])
    func `nothing softens a signature that does not match`(soft: Disposition) throws {
        let pki = try DevelopmentPKI.shared()
        let snapshot = try pki.snapshot(policy: Self.softest(soft), at: now())
        let signature = try OpenSSLSigner(pki, "peers/kommun-a/signer").sign(exampleContent)
        let form = SignedEntity.Form.detached(content: exampleContent + [1], signature: signature)
        #expect(snapshot.outcome(of: form, at: now()).verdict.reason == .signatureInvalid)
        #expect(snapshot.outcome(of: form, at: now()).content == nil)
    }

    @Test func `a revoked certificate is refused unless revocation is ignored`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        try root.revoke(signer)
        for (disposition, reason) in [(Disposition.fail, RefusalReason.revoked), (.warn, .revoked), (.ignore, nil)] {
            var policy = TrustPolicy()
            policy.set(disposition, for: .revocation)
            let verdict = try pathVerdict(signer, below: root, policy: policy)
            #expect(verdict.reason == reason)
            let check = try #require(verdict.checks.first { $0.kind == .revocation })
            #expect(check.result == (disposition == .ignore ? .ignored : .failed))
        }
    }

    @Test(arguments: Disposition.allCases)
    func `a message with a weak digest follows the check of algorithms`(disposition: Disposition) throws {
        let pki = try DevelopmentPKI.shared()
        var policy = TrustPolicy()
        policy.set(disposition, for: .algorithms)
        let snapshot = try pki.snapshot(policy: policy, at: now())
        let signature = try OpenSSLSigner(pki, "peers/kommun-a/signer").sign(exampleContent, options: ["-md", "sha1"])
        let outcome = snapshot.outcome(of: .detached(content: exampleContent, signature: signature), at: now())
        #expect(outcome.verdict.reason == (disposition == .fail ? .weakAlgorithm : nil))
        #expect((outcome.content != nil) == (disposition != .fail))
        let check = try #require(outcome.verdict.checks.first { $0.kind == .algorithms })
        #expect(
            check.result.rawValue == ["fail": "failed", "warn": "warned", "ignore": "ignored"][disposition.rawValue])
    }

    @Test func `a warning and a failure in one check refuse`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(subject: "/CN=Issuing", parent: root)
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        try root.revoke(issuing.own)
        var policy = TrustPolicy()
        policy.set(.warn, for: .revocation)
        // No list for the signer, a revoked authority above it.
        let verdict = try CertificateVerifier(
            anchors: [root.own.certificate()], intermediates: [issuing.own.certificate()],
            revocationLists: [root.revocationList()], policy: policy
        ).verify(signer.certificate(), purpose: .signer, at: now())
        #expect(verdict.reason == .revoked)
        let check = try #require(verdict.checks.first { $0.kind == .revocation })
        #expect(check.result == .failed)
        #expect(Set(check.findings.map(\.reason)) == [.revocationUnknown, .revoked])
    }

    @Test func `a remembered acceptance tells the warnings of its moment`() throws {
        let pki = try DevelopmentPKI.shared()
        var policy = TrustPolicy()
        policy.set(.warn, for: .validity)
        policy.set(.warn, for: .revocation)
        let snapshot = try pki.snapshot(policy: policy, at: now())
        let shown = [try pki.der("peers/kommun-a/transport.crt")]
        let end = try #require(try pki.certificates("peers/kommun-a/transport.crt").first).identity.notAfter
        func validity(_ instant: Int64) -> TrustCheck.Result? {
            snapshot.verifyClient(certificatesDER: shown, at: instant).checks.first { $0.kind == .validity }?.result
        }
        #expect(validity(end - 10) == .passed)
        #expect(validity(end - 1) == .passed)
        #expect(validity(end) == .warned)
        #expect(validity(end - 1) == .passed)
        let later = [try pki.der("bad/not-yet-valid/transport.crt")]
        let text = try Tool.openssl("x509", "-in", pki.path("bad/not-yet-valid/transport.crt"), "-noout", "-startdate")
            .text
        let start = try #require(parseOpenSSLDate(text))
        func early(_ instant: Int64) -> TrustCheck.Result? {
            snapshot.verifyClient(certificatesDER: later, at: instant).checks.first { $0.kind == .validity }?.result
        }
        #expect(early(start - 1) == .warned)
        #expect(early(start) == .passed)
    }
}
