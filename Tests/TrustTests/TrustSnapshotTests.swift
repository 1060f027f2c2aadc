import Foundation
import Gateway
import SHS
import Testing
import Trust

/// What a snapshot decides, what each role reads of a set, and what it says about itself.
struct TrustSnapshotTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    @Test func `a complete set is loaded with its number and without warnings`() throws {
        let snapshot = try self.pki.snapshot(at: now())
        #expect(snapshot.number == 1)
        #expect(snapshot.warnings.isEmpty, "\(snapshot.warnings)")
        #expect(snapshot.server(at: now())?.identity.commonName == "localhost")
        #expect(try snapshot.clientAnchorsPEM == self.pki.read("anchors/clients.pem"))
        #expect(try snapshot.providerAnchorsPEM == self.pki.read("anchors/providers.pem"))
        #expect(try snapshot.brokerAnchorsPEM == self.pki.read("anchors/broker.pem"))
        #expect(try readBytes(#require(snapshot.brokerAnchorsPath)) == self.pki.read("anchors/broker.pem"))
    }

    @Test func `a credential is its certificate, its key and where they are`() throws {
        let server = try #require(try self.pki.snapshot(at: now()).server(at: now()))
        #expect(server.name == "1")
        #expect(try server.chainPEM == self.pki.read("node/tls-server/1.crt"))
        #expect(try readBytes(server.certificatePath) == server.chainPEM)
        guard case .pem(let bytes, let path) = server.keySource else {
            Issue.record("\(server.keySource)")
            return
        }
        #expect(try bytes == self.pki.read("node/tls-server/1.key"))
        #expect(try readBytes(path) == bytes)
        #expect(server.notAfter == server.identity.notAfter)
        #expect(server.notBefore < now())
    }

    @Test(arguments: [
        (TrustRole.ingress, ["tls-server", "broker-client/ingress"]),
        (.worker, ["provider-client", "broker-client/worker"]),
        (.correlator, ["reply-signing", "broker-client/correlator"]),
    ])
    func `a role reads its own keys and of others only sees that they are there`(
        role: TrustRole, own: [String]
    ) throws {
        let all = [
            "tls-server", "provider-client", "reply-signing", "broker-client/ingress", "broker-client/worker",
            "broker-client/correlator", "broker-client/all",
        ]
        for folder in all {
            let copy = try SetCopy(of: self.pki)
            try copy.seal()
            // Bytes that are not those of the manifest: seen only by who reads them.
            try copy.write([0x41], to: "node/\(folder)/1.key")
            let changed = try copy.problems(role)
            #expect(
                changed == (own.contains(folder) ? [TrustProblem(file: "node/\(folder)/1.key", reason: .changed)] : []))
            try copy.remove("node/\(folder)/1.key")
            #expect(try copy.problems(role) == [TrustProblem(file: "node/\(folder)/1.key", reason: .missing)])
        }
    }

    @Test(arguments: [(TrustRole.ingress, "tls-server"), (.worker, "provider-client"), (.correlator, "reply-signing")])
    func `a set may lack what other roles need and not what this one needs`(role: TrustRole, own: String) throws {
        let others = ["tls-server", "provider-client", "reply-signing"].filter { $0 != own }
        #expect(try self.pki.problems(role) { copy in try others.forEach { try copy.remove("node/\($0)") } } == [])
        #expect(
            try self.pki.problems(role) { try $0.remove("node/\(own)") }
                == [TrustProblem(file: "node/\(own)", reason: .missing)])
    }

    @Test func `a role does nothing that is not its own`() throws {
        let client = try [self.pki.der("peers/kommun-a/transport.crt")]
        let server = try [self.pki.der("simulators/server.crt")]
        let ingress = try self.pki.snapshot(role: .ingress, at: now())
        #expect(ingress.verifyClient(certificatesDER: client, at: now()).accepted)
        #expect(ingress.verifyServer(certificatesDER: server, host: "localhost", at: now()).reason == .untrusted)
        #expect(ingress.providerClient(for: "CSN", at: now()) == nil)
        let worker = try self.pki.snapshot(role: .worker, at: now())
        #expect(worker.verifyServer(certificatesDER: server, host: "localhost", at: now()).accepted)
        #expect(worker.verifyServer(certificatesDER: server, host: "example.org", at: now()).reason == .wrongServerName)
        #expect(worker.verifyClient(certificatesDER: client, at: now()).reason == .untrusted)
        #expect(worker.server(at: now()) == nil)
        let signature = try OpenSSLSigner(self.pki, "peers/kommun-a/signer").sign(exampleContent)
        #expect(
            worker.outcome(of: .detached(content: exampleContent, signature: signature), at: now()).verdict.reason
                == .untrusted)
    }

    @Test func `no description of a snapshot's parts shows a key`() throws {
        let snapshot = try self.pki.snapshot(at: now())
        var dumped = ""
        let server = try #require(snapshot.server(at: now()))
        dump(server, to: &dumped)
        dump(server.keySource, to: &dumped)
        for text in ["\(snapshot)", dumped, String(reflecting: server), "\(server.keySource)"] {
            #expect(!text.contains("PRIVATE KEY"))
            // The same word as an array prints it.
            #expect(!text.contains("80, 82, 73, 86, 65, 84, 69"))
        }
    }

    @Test func `many threads share one snapshot`() async throws {
        let snapshot = try self.pki.snapshot(at: now())
        let good = try OpenSSLSigner(self.pki, "peers/kommun-a/signer").sign(exampleContent)
        let revoked = try OpenSSLSigner(self.pki, "bad/revoked/signer").sign(exampleContent)
        let instant = now()
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var wrong = 0
                    for round in 0..<50 {
                        // Different seconds, so that answers are not only remembered ones.
                        let at = instant + Int64(round * 301 + task)
                        let first = snapshot.outcome(of: .detached(content: exampleContent, signature: good), at: at)
                            .verdict
                        let second = snapshot.outcome(
                            of: .detached(content: exampleContent, signature: revoked), at: instant
                        )
                        .verdict
                        let third = snapshot.outcome(of: .detached(content: [0x41], signature: good), at: instant)
                            .verdict
                        let signature = try? snapshot.signature(over: exampleContent, at: instant)
                        let expected: [RefusalReason?] = [nil, .revoked, .signatureInvalid]
                        if [first.reason, second.reason, third.reason] != expected || signature == nil { wrong += 1 }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    @Test func `a remembered acceptance ends when the certificate or a list does`() throws {
        let snapshot = try self.pki.snapshot(at: now())
        let client = try [self.pki.der("peers/kommun-a/transport.crt")]
        let listEnd = try #require(self.pki.revocationLists().compactMap(\.nextUpdate).min())
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd - 100).accepted)
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd - 1).accepted)
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd).reason == .revocationUnknown)
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd - 1).accepted)
    }

    @Test func `the gateway's port gets the signed bytes or a fault`() throws {
        let snapshot: any MessageVerifying = try self.pki.snapshot(at: now())
        func answer(_ credential: String, over content: [UInt8]) throws -> VerificationResult {
            let signature = try OpenSSLSigner(self.pki, credential).sign(exampleContent)
            return snapshot.verify(.detached(content: content, signature: signature), at: now())
        }
        guard case .verified(let verified, _) = try answer("peers/kommun-a/signer", over: exampleContent) else {
            Issue.record("refused")
            return
        }
        #expect(verified.content == exampleContent)
        for (credential, fault) in [
            ("peers/kommun-a/signer", Fault.signatureInvalid), ("bad/revoked/signer", .certificateRevoked),
        ] {
            guard case .refused(let found, _) = try answer(credential, over: exampleContent + [1]) else {
                Issue.record("accepted")
                return
            }
            #expect(found == fault)
        }
        #expect(snapshot.identifyClient([try self.pki.der("bad/revoked/transport.crt")], at: now()) == nil)
    }
}
