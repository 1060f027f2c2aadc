import Foundation
import Gateway
import Testing
import Trust

/// Certificates that are made to cost time or memory.
struct HostileCertificateTests {
    /// On a busy machine; what multiplies would take minutes.
    private static let limit = Duration.seconds(5)

    private func quickly(_ body: () throws -> Void) rethrows {
        let time = try ContinuousClock().measure(body)
        #expect(time < Self.limit)
    }

    @Test func `a certificate with 10,000 names is decided about as any other and quickly`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let constrained = try TestAuthority(
            subject: "/CN=Issuing", parent: root,
            extensions: "\(TestAuthority.authorityUsage)\nnameConstraints=critical,permitted;DNS:example.org")
        let usage = "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=@n\n[n]\n"
        let list = (0..<10_000).map { "DNS.\($0)=a\($0).example.org" }.joined(separator: "\n")
        let server = try constrained.issue(subject: "/CN=Server", extensions: usage + list)
        let verifier = try root.verifier(intermediates: [constrained])
        let certificate = try server.certificate()
        self.quickly {
            #expect(
                verifier.verify(certificate, purpose: .server, serverName: "a9999.example.org", at: now()).accepted)
            #expect(
                verifier.verify(certificate, purpose: .server, serverName: "b.example.org", at: now()).reason
                    == .wrongServerName)
        }
    }

    @Test func `names and constraints in great number are refused instead of multiplied`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let constraints = (0..<2_000).map { "permitted;DNS.\($0)=a\($0).example.org" }.joined(separator: "\n")
        let issuing = try TestAuthority(
            subject: "/CN=Issuing", parent: root,
            extensions: "\(TestAuthority.authorityUsage)\nnameConstraints=critical,@c\n[c]\n\(constraints)")
        let names = (0..<2_000).map { "DNS.\($0)=a\($0).example.org" }.joined(separator: "\n")
        let signer = try issuing.issue(
            subject: "/CN=Signer", extensions: "\(TestAuthority.signerUsage)\nsubjectAltName=@n\n[n]\n\(names)")
        let verifier = try root.verifier(intermediates: [issuing])
        let certificate = try signer.certificate()
        self.quickly {
            #expect(!verifier.verify(certificate, purpose: .signer, at: now()).accepted)
        }
    }

    @Test func `a subject with very many parts is read quickly`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let subject = (0..<2_000).map { "/OU=part \($0)" }.joined() + "/CN=Signer"
        let signer = try root.issue(subject: subject, extensions: TestAuthority.signerUsage)
        let verifier = try root.verifier()
        let certificate = try signer.certificate()
        self.quickly {
            #expect(verifier.verify(certificate, purpose: .signer, at: now()).holder?.commonName == "Signer")
        }
    }

    /// Two authorities that issued each other, any number of times, and lead to no anchor.
    @Test func `authorities that issue each other lead nowhere, and quickly`() throws {
        let first = try TestAuthority(subject: "/CN=First")
        let second = try TestAuthority(subject: "/CN=Second")
        var loop: [Certificate] = []
        for _ in 0..<16 {
            loop.append(
                try first.issue(subject: "/CN=Second", extensions: TestAuthority.authorityUsage, keyOf: second.own)
                    .certificate())
            loop.append(
                try second.issue(subject: "/CN=First", extensions: TestAuthority.authorityUsage, keyOf: first.own)
                    .certificate())
        }
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try first.issue(subject: "/CN=Signer", extensions: TestAuthority.signerUsage).certificate()
        var softest = TrustPolicy()
        for kind in TrustCheck.Kind.configurable { softest.set(.ignore, for: kind) }
        for policy in [TrustPolicy(), softest] {
            let verifier = try root.verifier(policy: policy)
            self.quickly {
                let verdict = verifier.verify(signer, intermediates: loop, purpose: .signer, at: now())
                #expect(verdict.reason == .untrusted)
            }
        }
        // The same loop as part of a set: read, and no way in.
        let pki = try DevelopmentPKI.shared()
        let copy = try SetCopy(of: pki)
        let texts = try [first, second].flatMap { try $0.own.folder.read("crt") }
        try copy.write(copy.read("intermediates/signers.pem") + texts, to: "intermediates/signers.pem")
        try copy.seal()
        let snapshot = try copy.load(.ingress)
        #expect(snapshot.verifySigner(certificatesDER: [try pki.der("peers/kommun-a/signer.crt")], at: now()).accepted)
    }

    @Test func `very many findings refuse, although each of them would be softened`() throws {
        // A path with more than 64 things wrong with it is not followed to its end: that is never an acceptance.
        let root = try TestAuthority(subject: "/CN=Root")
        var authorities = [root]
        let critical = (1...12).map { "1.2.3.4.\($0)=critical,DER:05:00" }.joined(separator: "\n")
        for number in 1...15 {
            authorities.append(
                try TestAuthority(
                    subject: "/CN=\(number)", parent: authorities.last,
                    extensions: "basicConstraints=CA:TRUE\nkeyUsage=cRLSign\n\(critical)"))
        }
        let signer = try #require(authorities.last).issue(subject: "/CN=Signer", extensions: critical)
        var softest = TrustPolicy()
        for kind in TrustCheck.Kind.configurable { softest.set(.ignore, for: kind) }
        softest.maximumDepth = 20
        let verifier = try CertificateVerifier(
            anchors: [root.own.certificate()], intermediates: authorities.dropFirst().map { try $0.own.certificate() },
            revocationLists: [], policy: softest)
        let verdict = verifier.verify(
            try signer.certificate(), purpose: .signer, at: now() + 40 * day)
        let count = verdict.checks.flatMap(\.findings).count
        #expect(count >= 64)
        #expect(
            verdict.reason == .internalFailure, "\(count) \(verdict.checks.map { "\($0.kind) \($0.findings.count)" })")
    }

    @Test func `a set with a large revocation list is read in reasonable time`() throws {
        let pki = try DevelopmentPKI.shared()
        let root = try TestAuthority(subject: "/CN=Root")
        let client = try root.issue(
            subject: "/CN=Client", extensions: "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth")
        let serials = (0..<20_000).map { String(format: "%016X", 0x1000_0000_0000_0000 + $0) }
        let copy = try SetCopy(of: pki)
        try copy.write(root.own.folder.read("crt"), to: "anchors/clients.pem")
        for file in ["crls/client-root.pem", "crls/client-issuing.pem", "intermediates/clients.pem"] {
            try copy.remove(file)
        }
        try copy.write(root.revocationListPEM(revoking: serials), to: "crls/root.pem")
        try copy.seal()
        try self.quickly {
            let snapshot = try copy.load(.ingress)
            let verdict = snapshot.verifyClient(certificatesDER: [try client.der()], at: now())
            #expect(verdict.accepted)
        }
    }
}
