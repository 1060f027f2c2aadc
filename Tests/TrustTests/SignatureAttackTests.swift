import Foundation
import Gateway
import SHS
import Testing
import Trust

/// Ways to make a verifier say yes about something that the signer did not sign.
struct SignatureAttackTests {
    private let pki: DevelopmentPKI
    private let verifier: CMSVerifier
    private let signer: OpenSSLSigner

    init() throws {
        self.pki = try DevelopmentPKI.shared()
        self.verifier = CMSVerifier(certificates: try self.pki.verifier("signers"))
        self.signer = OpenSSLSigner(self.pki, "peers/kommun-a/signer")
    }

    private func reason(_ signature: [UInt8], over content: [UInt8] = exampleContent) -> RefusalReason? {
        let outcome = self.verifier.verify(signature: signature, over: content, at: now())
        #expect((outcome.content == nil) == (outcome.verdict.reason != nil))
        return outcome.verdict.reason
    }

    @Test func `a signature over other bytes than those shown`() throws {
        let signature = try self.signer.sign(exampleContent)
        #expect(self.reason(signature, over: exampleContent + [0x0A]) == .signatureInvalid)
        #expect(self.reason(signature, over: Array(exampleContent.dropFirst())) == .signatureInvalid)
        #expect(self.reason(signature, over: []) == .signatureInvalid)
    }

    @Test func `two signers`() throws {
        let signature = try self.signer.sign(
            exampleContent,
            options: [
                "-signer", self.pki.path("peers/kommun-b/signer.crt"), "-inkey",
                self.pki.path("peers/kommun-b/signer.key"),
            ])
        #expect(self.reason(signature) == .severalSigners)
        // The same one twice is no better.
        var doubled = DERSignedData(try self.signer.sign(exampleContent))
        doubled.signerInfos.children.append(doubled.signer)
        #expect(self.reason(doubled.encoded) == .severalSigners)
    }

    @Test func `content inside a signature that is shown as detached`() throws {
        let opaque = try self.signer.sign([UInt8]("other".utf8), opaque: true)
        #expect(self.reason(opaque) == .signatureMalformed)
        #expect(self.reason(opaque, over: [UInt8]("other".utf8)) == .signatureMalformed)
    }

    @Test func `a detached signature shown as one with content`() throws {
        let outcome = self.verifier.verify(opaque: try self.signer.sign(exampleContent), at: now())
        #expect(outcome.verdict.reason == .signatureMalformed)
        #expect(outcome.content == nil)
    }

    @Test func `a signature inside a signature`() throws {
        let inner = try self.signer.sign(exampleContent, opaque: true)
        let outer = try self.signer.sign(inner, options: ["-econtent_type", "1.2.840.113549.1.7.2"], opaque: true)
        #expect(self.verifier.verify(opaque: outer, at: now()).verdict.reason == .signatureNested)
    }

    @Test func `another kind of content than plain data`() throws {
        let signature = try self.signer.sign(exampleContent, options: ["-econtent_type", "1.2.840.113549.1.9.16.1.4"])
        #expect(self.reason(signature) == .signatureMalformed)
    }

    @Test func `a signature for another kind of content, relabelled as plain data`() throws {
        let signature = try self.signer.sign(exampleContent, options: ["-econtent_type", "1.2.840.113549.1.9.16.1.4"])
        var relabelled = DERSignedData(signature)
        relabelled.contentInfo[0] = .primitive(
            tag: 0x06, content: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01])
        #expect(self.reason(relabelled.encoded) == .signatureInvalid)
    }

    @Test func `the signed attributes of one message as the content of another`() throws {
        var message = DERSignedData(try self.signer.sign(exampleContent))
        let attributes = message.signer[3]
        #expect(attributes.tag == 0xA0)
        // What the signature covers is the attributes as a SET OF (RFC 5652 §5.4).
        let content = DERNode.constructed(tag: 0x31, children: attributes.children).encoded
        message.signer.children.remove(at: 3)
        #expect(self.reason(message.encoded, over: content) == .signatureInvalid)
        // It is our rule that refuses it: for libcrypto the signature is right.
        let folder = try TemporaryFolder()
        let output = try Tool.run([
            "openssl", "cms", "-verify", "-binary", "-noverify", "-inform", "DER",
            "-in", folder.write(message.encoded, to: "signature"), "-content", folder.write(content, to: "content"),
        ])
        #expect(output.succeeded, "\(output.errorText)")
    }

    @Test(arguments: 0..<3)
    func `a signed attribute that is left out, doubled or emptied`(attribute: Int) throws {
        let original = DERSignedData(try self.signer.sign(exampleContent))
        try #require(attribute < original.signer[3].children.count)
        var left = original
        left.signer[3].children.remove(at: attribute)
        #expect(self.reason(left.encoded) == .signatureInvalid)
        var doubled = original
        doubled.signer[3].children.append(original.signer[3][attribute])
        #expect(self.reason(doubled.encoded) == .signatureInvalid)
        var emptied = original
        emptied.signer[3][attribute][1].children = []
        #expect(self.reason(emptied.encoded) != nil)
    }

    @Test func `a signer whose certificate is not in the message`() throws {
        #expect(self.reason(try self.signer.sign(exampleContent, options: ["-nocerts"])) == .signerCertificateMissing)
        var swapped = DERSignedData(try self.signer.sign(exampleContent))
        let other = DERSignedData(try OpenSSLSigner(self.pki, "peers/supplier/signer").sign(exampleContent))
        swapped.certificates = other.certificates
        #expect(self.reason(swapped.encoded) == .signerCertificateMissing)
    }

    @Test func `a signer identifier that points to another party's certificate`() throws {
        var message = DERSignedData(try self.signer.sign(exampleContent))
        let other = DERSignedData(try OpenSSLSigner(self.pki, "peers/supplier/signer").sign(exampleContent))
        message.certificates = message.certificates + other.certificates
        message.signer[1] = other.signer[1]
        #expect(self.reason(message.encoded) == .signatureInvalid)
    }

    @Test func `another certificate with the same issuer, number and name but another key`() throws {
        // The forger names his authority like ours, and puts his certificate first.
        let forger = try TestAuthority(subject: "/C=SE/O=Utveckling/CN=Utveckling signer issuing")
        let genuine = try self.pki.certificates("peers/kommun-a/signer.crt")[0].identity
        let forged = try forger.issue(
            subject: "/C=SE/O=Kommun A (test)/CN=Kommun A (test) signering/serialNumber=162120009911",
            serial: genuine.serialNumber, extensions: TestAuthority.signerUsage)
        var message = DERSignedData(try forged.signer.sign(exampleContent))
        message.certificates += DERSignedData(try self.signer.sign(exampleContent)).certificates
        let reason = self.reason(message.encoded)
        #expect(reason == .untrusted || reason == .badCertificateSignature || reason == .signatureInvalid)
        message.certificates.reverse()
        let reversed = self.reason(message.encoded)
        #expect(reversed == .untrusted || reversed == .badCertificateSignature || reversed == .signatureInvalid)
    }

    @Test func `another certificate for the same key, where the signature names the first`() throws {
        let authority = try TestAuthority(subject: "/CN=Root")
        let first = try authority.issue(subject: "/CN=First", extensions: TestAuthority.signerUsage)
        let second = try authority.issue(subject: "/CN=Second", extensions: TestAuthority.signerUsage, keyOf: first)
        let verifier = CMSVerifier(certificates: try authority.verifier())
        func signer(_ options: [String]) throws -> CMSVerifier.Outcome {
            let signature = try first.signer.sign(exampleContent, options: ["-keyid"] + options)
            var swapped = DERSignedData(signature)
            swapped.certificates = [DERNode(try second.der())]
            return verifier.verify(signature: swapped.encoded, over: exampleContent, at: now())
        }
        #expect(try signer(["-cades"]).verdict.reason == .signatureInvalid)
        // Without that attribute a key identifier fits both: CMS itself cannot tell them apart.
        #expect(try signer([]).content?.signer.commonName == "Second")
    }

    @Test func `a revocation list inside the message is not used`() throws {
        func list(_ name: String) throws -> [UInt8] {
            try Tool.openssl("crl", "-in", self.pki.path("crls/signer-\(name).pem"), "-outform", "DER").standardOutput
        }
        var message = DERSignedData(try self.signer.sign(exampleContent))
        message.insert(revocationList: try list("issuing"))
        #expect(self.reason(message.encoded) == nil)
        // The same message where we have no list of our own for the issuing authority.
        let ours = try self.pki.revocationLists().filter { !$0.issuer.contains("signer issuing") }
        let verifier = CMSVerifier(certificates: try self.pki.verifier("signers", revocationLists: ours))
        let outcome = verifier.verify(signature: message.encoded, over: exampleContent, at: now())
        #expect(outcome.verdict.reason == .revocationUnknown)
    }

    @Test func `an anchor inside the message is not trusted`() throws {
        let forger = try TestAuthority(subject: "/CN=Forger")
        let forged = try forger.issue(subject: "/CN=Kommun A", extensions: TestAuthority.signerUsage)
        let signature = try forged.signer.sign(exampleContent, options: ["-certfile", forger.certificateFile])
        #expect(self.reason(signature) == .untrusted)
    }

    @Test func `a signing time in the past does not bring an expired certificate back`() throws {
        // The attribute is written by whoever signs.
        let signature = try OpenSSLSigner(self.pki, "bad/expired/signer").sign(exampleContent)
        #expect(self.reason(signature) == .expired)
    }

    @Test func `more certificates than anybody needs`() throws {
        var message = DERSignedData(try self.signer.sign(exampleContent))
        let issuing = message.certificates
        for _ in 0..<40 { message.certificates += issuing }
        #expect(self.reason(message.encoded) == .signatureMalformed)
    }
}
