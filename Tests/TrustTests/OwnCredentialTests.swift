import Foundation
import Gateway
import Testing
import Trust

/// Own certificates and keys of a set: several with overlapping validity, and what is refused.
struct OwnCredentialTests {
    private let pki: DevelopmentPKI
    private let authority: TestAuthority

    init() throws {
        self.pki = try DevelopmentPKI.shared()
        self.authority = try TestAuthority(subject: "/CN=Node")
    }

    private static let server = "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth"
    private static let client = "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth"

    private func server(_ name: String, from: Int64, until: Int64) throws -> TestAuthority.Issued {
        try self.authority.issue(subject: "/CN=\(name)", extensions: Self.server, from: from, until: until)
    }

    private func set(_ change: (SetCopy) throws -> Void) throws -> SetCopy {
        let copy = try SetCopy(of: self.pki)
        try change(copy)
        try copy.seal()
        return copy
    }

    @Test func `a new certificate takes over when it becomes valid, and the moment is foretold`() throws {
        let instant = now()
        let snapshot = try self.set {
            try $0.add(self.server("next", from: instant + 1_000, until: instant + 9_000), as: "node/tls-server/next")
            try $0.add(self.server("old", from: instant - 9 * day, until: instant - day), as: "node/tls-server/old")
        }.load(at: instant)
        #expect(snapshot.server(at: instant)?.name == "1")
        #expect(snapshot.nextChange(after: instant) == instant + 1_000)
        #expect(snapshot.server(at: instant + 999)?.name == "1")
        #expect(snapshot.server(at: instant + 1_000)?.name == "next")
        #expect(snapshot.nextChange(after: instant + 1_000) == instant + 9_000)
        #expect(snapshot.server(at: instant + 9_000)?.name == "1")
        #expect(snapshot.warnings == [.ownCertificateExpired(file: "node/tls-server/old.crt")])
        // Another role is not woken for it.
        #expect(
            try self.pki.snapshot(role: .correlator, at: instant).nextChange(after: instant) ?? .max > instant + day)
    }

    @Test func `replies are signed with the key of their moment`() throws {
        let instant = now()
        let next = try self.authority.issue(
            subject: "/CN=next", extensions: TestAuthority.signerUsage, from: instant + 100, until: instant + 9_000)
        let snapshot = try self.set { try $0.add(next, as: "node/reply-signing/next") }.load(.correlator, at: instant)
        for (moment, name) in [(instant, "shs-gateway svar"), (instant + 100, "next")] {
            let signature = try #require(try snapshot.signature(over: exampleContent, at: moment))
            let folder = try TemporaryFolder()
            try folder.write(signature, to: "signature")
            try folder.write(exampleContent, to: "content")
            try Tool.openssl(
                "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", folder.file("signature"),
                "-content", folder.file("content"), "-signer", folder.file("signer"), "-out", "/dev/null")
            let subject = try Tool.openssl("x509", "-in", folder.file("signer"), "-noout", "-subject").text
            #expect(subject.contains(name))
            #expect(snapshot.replySigner(at: moment)?.identity.commonName == name)
        }
    }

    @Test func `a base service may have a certificate of its own`() throws {
        let own = try self.authority.issue(subject: "/CN=csn", extensions: Self.client)
        let copy = try self.set { try $0.add(own, as: "node/provider-client/CSN/1") }
        let snapshot = try copy.load(.worker)
        #expect(snapshot.providerClient(for: "CSN", at: now())?.identity.commonName == "csn")
        #expect(snapshot.providerClient(for: "AF", at: now())?.identity.commonName == "shs-gateway")
        // The one for all is not needed where there are others.
        for file in ["crt", "key"] { try copy.remove("node/provider-client/1.\(file)") }
        try copy.seal()
        #expect(try copy.load(.worker).providerClient(for: "AF", at: now()) == nil)
    }

    @Test(arguments: [TrustRole.ingress, .worker, .correlator, .all])
    func `every role has its own certificate for the broker, when there is one`(role: TrustRole) throws {
        let name = role == .all ? "serve" : role.rawValue
        let broker = try self.pki.snapshot(role: role, at: now()).brokerClient(at: now())
        #expect(broker?.identity.commonName == name)
        let without = try self.set { try $0.remove("node/broker-client") }.load(role)
        #expect(without.brokerClient(at: now()) == nil)
    }

    @Test func `a certificate without key, a key without certificate and a key of another one are named`() throws {
        let other = try self.server("other", from: now() - day, until: now() + day)
        let problems = try self.set {
            try $0.add(other, as: "node/tls-server/a")
            try $0.remove("node/tls-server/a.key")
            try $0.add(other, as: "node/tls-server/b")
            try $0.remove("node/tls-server/b.crt")
            try $0.add(other, as: "node/tls-server/c")
            try $0.write($0.read("node/tls-server/1.key"), to: "node/tls-server/c.key")
        }.problems()
        #expect(
            problems == [
                TrustProblem(file: "node/tls-server/b.crt", reason: .missing),
                TrustProblem(file: "node/tls-server/a.key", reason: .missing),
                TrustProblem(file: "node/tls-server/c.key", reason: .keyOfAnotherCertificate),
            ])
    }

    @Test func `a role needs one certificate that is valid now`() throws {
        let instant = now()
        let problems = try self.set {
            try $0.remove("node/tls-server")
            try $0.add(self.server("old", from: instant - 9 * day, until: instant), as: "node/tls-server/old")
            try $0.add(self.server("next", from: instant + 1, until: instant + day), as: "node/tls-server/next")
        }.problems(at: instant)
        #expect(problems == [TrustProblem(file: "node/tls-server", reason: .noneValidNow)])
    }

    @Test func `a certificate that no peer would accept is refused`() throws {
        let weak = try self.authority.issue(
            subject: "/CN=weak", extensions: Self.server, key: ["rsa", "-pkeyopt", "rsa_keygen_bits:1024"])
        let client = try self.authority.issue(subject: "/CN=client", extensions: Self.client)
        let problems = try self.set {
            try $0.add(weak, as: "node/tls-server/weak")
            try $0.add(client, as: "node/tls-server/wrong")
        }.problems()
        #expect(
            problems == [
                TrustProblem(file: "node/tls-server/weak.crt", reason: .certificateNotUsable(.weakAlgorithm)),
                TrustProblem(file: "node/tls-server/wrong.crt", reason: .certificateNotUsable(.wrongUsage)),
            ])
    }

    @Test func `the authorities in a file follow each other`() throws {
        let first = try TestAuthority(subject: "/CN=First", parent: self.authority)
        let second = try TestAuthority(subject: "/CN=Second", parent: first)
        let namesake = try TestAuthority(subject: "/CN=First", parent: self.authority)
        let leaf = try second.issue(subject: "/CN=leaf", extensions: Self.server)
        func problems(_ authorities: TestAuthority...) throws -> [TrustProblem] {
            try self.set { try $0.add(leaf, as: "node/tls-server/2", followedBy: authorities) }.problems()
        }
        func broken(_ position: Int) -> [TrustProblem] {
            [TrustProblem(file: "node/tls-server/2.crt", reason: .brokenChain(position: position))]
        }
        #expect(try problems() == [])
        #expect(try problems(second) == [])
        #expect(try problems(second, first, self.authority) == [])
        #expect(try problems(first) == broken(1))
        #expect(try problems(second, self.authority) == broken(2))
        #expect(try problems(second, namesake) == broken(2))
    }

    @Test func `a token's file holds one line and is guarded like a key`() throws {
        let issued = try self.server("token", from: now() - day, until: now() + day)
        func problems(_ text: String, mode: Int = 0o600) throws -> [TrustProblem] {
            try self.set {
                try $0.add(issued, as: "node/tls-server/token")
                try $0.remove("node/tls-server/token.key")
                try $0.write(Array(text.utf8), to: "node/tls-server/token.uri")
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: $0.file("node/tls-server/token.uri"))
            }.problems()
        }
        let file = "node/tls-server/token.uri"
        for text in ["", "\n", "pkcs11:a\npkcs11:b\n", "http://x\n", "pkcs11:a b\n", " pkcs11:a\n"] {
            #expect(try problems(text) == [TrustProblem(file: file, reason: .malformedTokenURI)], "\(text)")
        }
        #expect(
            try problems("pkcs11:a\n", mode: 0o644)
                == [TrustProblem(file: file, reason: .openPermissions(mode: 0o644))])
        let both = try self.set {
            try $0.add(issued, as: "node/tls-server/token")
            try $0.write(Array("pkcs11:a\n".utf8), to: file)
        }.problems()
        #expect(both == [TrustProblem(file: file, reason: .severalKeys)])
        // A token that nobody knows: what is said comes from the library.
        let unknown = try problems("pkcs11:token=nobody;object=nothing?pin-value=12345\n")
        #expect(unknown.map(\.file) == [file])
        #expect(!"\(unknown)".contains("12345"))
    }
}
