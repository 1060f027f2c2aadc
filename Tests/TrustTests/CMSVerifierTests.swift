import Foundation
import Gateway
import SHS
import Testing
import Trust

/// Which signatures are accepted, over which bytes, and why others are not.
struct CMSVerifierTests {
    private let pki: DevelopmentPKI
    private let verifier: CMSVerifier

    init() throws {
        self.pki = try DevelopmentPKI.shared()
        self.verifier = CMSVerifier(certificates: try self.pki.verifier("signers"))
    }

    private func signature(
        _ content: [UInt8] = exampleContent, by credential: String = "peers/kommun-a/signer", _ options: String...,
        opaque: Bool = false
    ) throws -> [UInt8] {
        try OpenSSLSigner(self.pki, credential).sign(content, options: options, opaque: opaque)
    }

    private func outcome(_ signature: [UInt8], over content: [UInt8] = exampleContent) -> CMSVerifier.Outcome {
        self.verifier.verify(signature: signature, over: content, at: now())
    }

    @Test func `a detached signature is accepted and names its signer`() throws {
        let outcome = self.outcome(try self.signature())
        #expect(outcome.verdict.accepted, "\(outcome.verdict)")
        #expect(outcome.verdict.coverage == .exact)
        #expect(outcome.content?.content == exampleContent)
        #expect(outcome.content?.signer.organisation == "2120009911")
        #expect(outcome.verdict.chain.count == 3)
        #expect(outcome.verdict.checks.allSatisfy { $0.result == .passed })
        #expect(outcome.verdict.checks.last?.kind == .signature)
    }

    @Test(arguments: [[], ["-stream"]] as [[String]])
    func `a signature with its content inside is accepted and gives that content`(options: [String]) throws {
        let content = [UInt8]((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let message = try OpenSSLSigner(self.pki, "peers/kommun-a/signer").sign(content, options: options, opaque: true)
        let outcome = self.verifier.verify(opaque: message, at: now())
        #expect(outcome.verdict.coverage == .opaque)
        #expect(outcome.content?.content == content)
    }

    @Test func `a signature over CRLF text is found for text that arrived with bare line feeds`() throws {
        let arrived = [UInt8]("Content-Type: text/plain\n\nfråga\n".utf8)
        let outcome = self.outcome(try self.signature(exampleContent), over: arrived)
        #expect(outcome.verdict.coverage == .canonical)
        // What is read on are the bytes that were signed, not those that arrived.
        #expect(outcome.content?.content == exampleContent)
    }

    @Test func `a signature over bare line feeds counts for exactly those`() throws {
        let signed = [UInt8]("a: b\n\nc\n".utf8)
        let signature = try self.signature(signed)
        #expect(self.outcome(signature, over: signed).verdict.coverage == .exact)
        #expect(self.outcome(signature, over: [UInt8]("a: b\r\n\r\nc\r\n".utf8)).verdict.reason == .signatureInvalid)
    }

    @Test(arguments: ["-noattr", "-keyid", "-cades", "-nosmimecap"])
    func `the usual variants of a signature are accepted`(option: String) throws {
        #expect(self.outcome(try self.signature(exampleContent, by: "peers/kommun-a/signer", option)).verdict.accepted)
    }

    @Test(arguments: ["sha384", "sha512"])
    func `stronger digests are accepted`(digest: String) throws {
        let signature = try self.signature(exampleContent, by: "peers/kommun-a/signer", "-md", digest)
        #expect(self.outcome(signature).verdict.accepted)
    }

    @Test(arguments: [
        ("expired", RefusalReason.expired), ("not-yet-valid", .notYetValid), ("revoked", .revoked),
        ("untrusted", .untrusted), ("weak-key", .weakAlgorithm), ("weak-digest", .weakAlgorithm),
        ("usage-extended", .wrongUsage), ("usage-key", .wrongUsage),
    ])
    func `a signer with a broken certificate is refused for its reason`(kind: String, reason: RefusalReason) throws {
        let outcome = self.outcome(try self.signature(exampleContent, by: "bad/\(kind)/signer"))
        #expect(outcome.verdict.reason == reason)
        #expect(outcome.content == nil)
        // A key that nobody vouches for is not used: the signature itself was not looked at.
        #expect(outcome.verdict.checks.last?.kind == .signature)
        #expect(outcome.verdict.checks.last?.result == .skipped)
    }

    @Test func `a message digest below the floor is refused`() throws {
        let signature = try self.signature(exampleContent, by: "peers/kommun-a/signer", "-md", "sha1")
        #expect(self.outcome(signature).verdict.reason == .weakAlgorithm)
    }

    @Test func `RSA signatures are accepted with PKCS 1 and PSS padding but not with SHA-1 inside`() throws {
        let authority = try TestAuthority(subject: "/CN=Root")
        let verifier = CMSVerifier(certificates: try authority.verifier())
        let signer = try authority.issue(
            subject: "/CN=Signer", extensions: TestAuthority.signerUsage, key: TestAuthority.rsa2048
        ).signer
        func reason(_ options: String...) throws -> RefusalReason? {
            let signature = try signer.sign(exampleContent, options: options)
            return verifier.verify(signature: signature, over: exampleContent, at: now()).verdict.reason
        }
        #expect(try reason() == nil)
        #expect(try reason("-keyopt", "rsa_padding_mode:pss") == nil)
        #expect(try reason("-md", "sha1") == .weakAlgorithm)
        #expect(try reason("-md", "sha1", "-keyopt", "rsa_padding_mode:pss") == .weakAlgorithm)
    }

    @Test func `everything that is not a signature is malformed or missing`() throws {
        let content = try TemporaryFolder()
        let input = try content.write(exampleContent, to: "content")
        let certificate = self.pki.path("peers/kommun-a/signer.crt")
        let onlyCertificates = try Tool.openssl("crl2pkcs7", "-nocrl", "-certfile", certificate, "-outform", "DER")
        #expect(self.outcome(onlyCertificates.standardOutput).verdict.reason == .signatureMissing)
        let data = try Tool.openssl("cms", "-data_create", "-binary", "-in", input, "-outform", "DER")
        #expect(self.outcome(data.standardOutput).verdict.reason == .signatureMalformed)
        let digested = try Tool.openssl("cms", "-digest_create", "-binary", "-in", input, "-outform", "DER")
        #expect(self.outcome(digested.standardOutput).verdict.reason == .signatureMalformed)
        for bytes in [[], [0x30], [0x30, 0x80], [UInt8](repeating: 0x30, count: 10_000)] as [[UInt8]] {
            #expect(self.outcome(bytes).verdict.reason == .signatureMalformed)
        }
        let signature = try self.signature()
        #expect(self.outcome(signature + [0]).verdict.reason == .signatureMalformed)
    }

    @Test func `no truncation of a signature is accepted`() throws {
        let signature = try self.signature()
        for count in signature.indices {
            #expect(!self.outcome(Array(signature.prefix(count))).verdict.accepted, "first \(count) bytes")
        }
    }

    @Test func `a flipped byte is refused or changes neither content nor signer`() throws {
        let signature = try self.signature()
        let signer = self.outcome(signature).content?.signer
        var harmless = 0
        for index in signature.indices {
            var spoiled = signature
            spoiled[index] ^= 0x01
            let outcome = self.outcome(spoiled)
            guard outcome.verdict.accepted else { continue }
            harmless += 1
            #expect(outcome.content?.content == exampleContent, "byte \(index)")
            #expect(outcome.content?.signer == signer, "byte \(index)")
        }
        // The copy of the issuing authority in the message is not needed; nearly all else is.
        #expect(harmless < signature.count / 2)
    }

    @Test func `a verdict prints as JSON without the content`() throws {
        let outcome = self.outcome(try self.signature())
        let json = String(decoding: try JSONEncoder().encode(outcome.verdict), as: UTF8.self)
        #expect(json.contains("\"accepted\":true"))
        #expect(json.contains("\"coverage\":\"exact\""))
        #expect(json.contains("2120009911"))
        #expect(!json.contains("fråga"))
    }

    @Test func `openssl cms agrees on every signer of the PKI`() throws {
        let folder = try TemporaryFolder()
        let content = folder.file("content")
        // openssl cms takes revocation lists from the file of anchors.
        let trust = try folder.write(
            ["anchors/signers.pem", "crls/signer-root.pem", "crls/signer-issuing.pem"].flatMap {
                try self.pki.read($0)
            },
            to: "trust")
        for party in [
            "peers/kommun-a", "peers/kommun-b", "bad/expired", "bad/not-yet-valid", "bad/revoked", "bad/untrusted",
            "bad/usage-extended", "bad/usage-key",
        ] {
            let signature = try self.signature(exampleContent, by: "\(party)/signer")
            let file = try folder.write(signature, to: "signature")
            for tampered in [false, true] {
                let bytes = tampered ? exampleContent + [0x20] : exampleContent
                try folder.write(bytes, to: "content")
                let output = try Tool.run([
                    "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", file, "-content", content,
                    "-CAfile", trust, "-x509_strict", "-crl_check_all", "-out", "/dev/null",
                ])
                #expect(self.outcome(signature, over: bytes).verdict.accepted == output.succeeded, "\(party)")
            }
        }
    }
}
