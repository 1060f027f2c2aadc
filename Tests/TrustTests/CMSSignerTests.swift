import Foundation
import Gateway
import SHS
import Testing
import Trust

/// What we sign, as a municipality sees it.
struct CMSSignerTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    private func accepts(_ signature: [UInt8], over content: [UInt8], in folder: TemporaryFolder) throws -> Bool {
        try Tool.run([
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder.write(signature, to: "signature"),
            "-content", folder.write(content, to: "content"), "-CAfile", self.pki.path("peers/reply-anchors.pem"),
            "-purpose", "smimesign", "-x509_strict", "-out", "/dev/null",
        ]).succeeded
    }

    @Test(
        arguments: [
            exampleContent, [], [UInt8](0...255), [UInt8]("bare\nline\r\nends\r".utf8),
            [UInt8](repeating: 0x41, count: 3_000_000),
        ] as [[UInt8]])
    func `openssl accepts our signature over exactly these bytes and no others`(content: [UInt8]) throws {
        let snapshot = try self.pki.snapshot(role: .correlator, at: now())
        let signature = try #require(try snapshot.signature(over: content, at: now()))
        let folder = try TemporaryFolder()
        #expect(try self.accepts(signature, over: content, in: folder))
        #expect(try !self.accepts(signature, over: content + [0x0A], in: folder))
    }

    @Test func `our own verifier accepts it as that of the reply certificate`() throws {
        let snapshot = try self.pki.snapshot(role: .all, at: now())
        let signature = try #require(try snapshot.signature(over: exampleContent, at: now()))
        let certificates = try CertificateVerifier(
            anchors: self.pki.certificates("peers/reply-anchors.pem"),
            revocationLists: RevocationList.list(pem: self.pki.read("peers/reply-crls.pem")))
        let outcome = CMSVerifier(certificates: certificates).verify(
            signature: signature, over: exampleContent, at: now())
        #expect(outcome.verdict.accepted, "\(outcome.verdict)")
        #expect(outcome.content?.signer.commonName == "shs-gateway svar")
        // It is no signature of a party.
        #expect(
            snapshot.outcome(of: .detached(content: exampleContent, signature: signature), at: now()).verdict.reason
                == .untrusted)
    }

    @Test func `the signature is detached, SHA-256 and without a list of capabilities`() throws {
        let snapshot = try self.pki.snapshot(role: .correlator, at: now())
        let signature = try #require(try snapshot.signature(over: exampleContent, at: now()))
        let folder = try TemporaryFolder()
        let text = try Tool.openssl(
            "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", folder.write(signature, to: "signature")
        ).text
        #expect(text.contains("eContent: <ABSENT>"))
        #expect(text.contains("sha256"))
        #expect(!text.contains("sha1"))
        #expect(!text.contains("S/MIME Capabilities"))
        #expect(CMSSigner.digestName == "sha-256")
        #expect(signature.count < 1_500)
    }

    @Test func `the written message is one that we read ourselves`() throws {
        let snapshot = try self.pki.snapshot(role: .correlator, at: now())
        let signature = try #require(try snapshot.signature(over: exampleContent, at: now()))
        let message = try SignedEntityWriter.write(
            content: exampleContent, signature: signature, boundary: "=_boundary")
        let form = try SignedEntity.read(contentType: "message/rfc822", body: message)
        guard case .detached(let content, let read) = form else {
            Issue.record("not detached")
            return
        }
        #expect(content == exampleContent)
        #expect(read == signature)
        let folder = try TemporaryFolder()
        let output = try Tool.run([
            "openssl", "cms", "-verify", "-in", folder.write(message, to: "message"), "-CAfile",
            self.pki.path("peers/reply-anchors.pem"), "-out", "/dev/null",
        ])
        #expect(output.succeeded, "\(output.errorText)")
    }

    @Test func `a role without the reply key signs nothing`() throws {
        for role in [TrustRole.ingress, .worker] {
            #expect(try self.pki.snapshot(role: role, at: now()).signature(over: exampleContent, at: now()) == nil)
        }
    }

    @Test func `an RSA key signs as well`() throws {
        let copy = try SetCopy(of: self.pki)
        let authority = try TestAuthority(subject: "/CN=Root")
        let signer = try authority.issue(
            subject: "/CN=Svar", extensions: TestAuthority.signerUsage, key: TestAuthority.rsa2048)
        try copy.add(signer, as: "node/reply-signing/1")
        try copy.seal()
        let snapshot = try copy.load(.correlator)
        let signature = try #require(try snapshot.signature(over: exampleContent, at: now()))
        let outcome = CMSVerifier(certificates: try authority.verifier()).verify(
            signature: signature, over: exampleContent, at: now())
        #expect(outcome.verdict.accepted, "\(outcome.verdict)")
    }

    @Test func `a party signs with its own certificate and key and with no other key`() throws {
        let files = try ["crt", "key"].map { try self.pki.read("peers/kommun-a/signer.\($0)") }
        let signature = try CMSSigner(certificatePEM: files[0], keyPEM: files[1]).signature(over: exampleContent)
        let verifier = CMSVerifier(certificates: try self.pki.verifier("signers"))
        let outcome = verifier.verify(signature: signature, over: exampleContent, at: now())
        #expect(outcome.content?.signer.organisation == "2120009911")
        let other = try self.pki.read("peers/kommun-b/signer.key")
        #expect(throws: LibCryptoError.self) { try CMSSigner(certificatePEM: files[0], keyPEM: other) }
    }
}
