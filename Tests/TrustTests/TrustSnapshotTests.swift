import Foundation
import Gateway
import SHS
import Testing
import Trust

/// Which sets of files become a snapshot, what each role reads of them, and what is said about those that do not.
struct TrustSnapshotTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    private func load(
        _ folder: TemporaryFolder, _ role: TrustRole = .all, policy: TrustPolicy = TrustPolicy(),
        at instant: Int64 = now()
    ) throws -> TrustSnapshot {
        try TrustSnapshot.load(
            directory: folder.path, role: role, parties: PartyRegister([]), policy: policy, number: 7, at: instant)
    }

    /// The error of loading a copy of the PKI after a change.
    private func error(
        _ role: TrustRole = .all, at instant: Int64 = now(), change: (TemporaryFolder) throws -> Void
    ) throws -> TrustError? {
        let copy = try self.pki.copy()
        try change(copy)
        do {
            _ = try self.load(copy, role, at: instant)
            return nil
        } catch let error as TrustError {
            return error
        }
    }

    @Test func `a complete set is loaded with its number and without warnings`() throws {
        let snapshot = try self.load(self.pki.folder)
        #expect(snapshot.number == 7)
        #expect(snapshot.warnings.isEmpty, "\(snapshot.warnings)")
        #expect(snapshot.server?.certificates.first?.identity.commonName == "localhost")
        #expect(try snapshot.clientAnchorsPEM == self.pki.folder.read("anchors/clients.pem"))
        #expect(try snapshot.server?.keyPEM == self.pki.folder.read("node/tls-server.key"))
    }

    @Test(arguments: [
        (TrustRole.ingress, ["node/tls-server"]), (.worker, ["node/provider-client"]),
        (.correlator, ["node/reply-signing"]),
    ])
    func `a role loads with its own keys alone and cannot load without them`(role: TrustRole, own: [String]) throws {
        let all = ["node/tls-server", "node/provider-client", "node/reply-signing"]
        for other in all where !own.contains(other) {
            // A key that may not be read at all: mode 000 does not stop root, so it is gone.
            #expect(
                try self.error(role) {
                    try FileManager.default.removeItem(atPath: $0.file("\(other).key"))
                    try FileManager.default.removeItem(atPath: $0.file("\(other).crt"))
                } == nil)
        }
        for file in own {
            let missing = try self.error(role) { try FileManager.default.removeItem(atPath: $0.file("\(file).key")) }
            #expect(missing?.file == "\(file).key")
            #expect(missing?.reason == .missing)
        }
    }

    @Test func `a role does nothing that is not its own`() throws {
        let client = try [
            Tool.openssl("x509", "-in", self.pki.path("peers/kommun-a/transport.crt"), "-outform", "DER").standardOutput
        ]
        let server = try [
            Tool.openssl("x509", "-in", self.pki.path("simulators/server.crt"), "-outform", "DER").standardOutput
        ]
        let ingress = try self.load(self.pki.folder, .ingress)
        #expect(ingress.verifyClient(certificatesDER: client, at: now()).accepted)
        #expect(ingress.verifyServer(certificatesDER: server, host: "localhost", at: now()).reason == .untrusted)
        #expect(ingress.providerClient == nil)
        let worker = try self.load(self.pki.folder, .worker)
        #expect(worker.verifyServer(certificatesDER: server, host: "localhost", at: now()).accepted)
        #expect(worker.verifyServer(certificatesDER: server, host: "example.org", at: now()).reason == .wrongServerName)
        #expect(worker.verifyClient(certificatesDER: client, at: now()).reason == .untrusted)
        #expect(worker.server == nil)
        let signature = try OpenSSLSigner(self.pki, "peers/kommun-a/signer").sign(exampleContent)
        #expect(
            worker.outcome(of: .detached(content: exampleContent, signature: signature), at: now()).verdict.reason
                == .untrusted)
    }

    @Test func `a key that others may read is refused`() throws {
        for mode in [0o640, 0o604, 0o620] {
            let error = try self.error {
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: $0.file("node/tls-server.key"))
            }
            #expect(error?.file == "node/tls-server.key")
            #expect(error?.reason == .openPermissions(mode: UInt32(mode)))
        }
    }

    @Test func `a key of another certificate is refused`() throws {
        let error = try self.error { try $0.write($0.read("node/provider-client.key"), to: "node/reply-signing.key") }
        #expect(error?.file == "node/reply-signing.key")
        #expect(error?.reason == .keyOfAnotherCertificate)
    }

    @Test func `an encrypted key is unreadable and nobody is asked for a passphrase`() throws {
        let error = try self.error {
            try Tool.openssl(
                "pkcs8", "-topk8", "-in", $0.file("node/tls-server.key"), "-passout", "pass:x", "-out",
                $0.file("node/encrypted"))
            try $0.write($0.read("node/encrypted"), to: "node/tls-server.key")
        }
        guard case .unreadable = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["node/tls-server.crt", "anchors/clients.pem", "anchors/signers.pem", "anchors/providers.pem"])
    func `a file that is missing, empty, half written or a folder is named`(file: String) throws {
        #expect(try self.error { try FileManager.default.removeItem(atPath: $0.file(file)) }?.file == file)
        let empty = try self.error { try $0.write([], to: file) }
        #expect(empty == TrustError(file: file, reason: .noCertificate))
        let half = try self.error { try $0.write(Array($0.read(file).prefix(300)), to: file) }
        #expect(half?.file == file)
        let folder = try self.error {
            try FileManager.default.removeItem(atPath: $0.file(file))
            try FileManager.default.createDirectory(atPath: $0.file(file), withIntermediateDirectories: false)
        }
        #expect(folder?.reason == .unreadable("not a regular file"))
    }

    @Test func `a list of anchors without any self-signed certificate is refused`() throws {
        let error = try self.error { try $0.write($0.read("intermediates/signers.pem"), to: "anchors/signers.pem") }
        #expect(error == TrustError(file: "anchors/signers.pem", reason: .noSelfSignedAnchor))
    }

    @Test func `own certificates that peers would refuse are refused`() throws {
        let end = try #require(try self.pki.certificates("node/tls-server.crt").first).identity.notAfter
        // Lists run out earlier: their files are taken away.
        let expired = try self.error(at: end) { try FileManager.default.removeItem(atPath: $0.file("crls")) }
        #expect(expired == TrustError(file: "node/tls-server.crt", reason: .certificateNotUsable(.expired)))
        let wrong = try self.error {
            try $0.write($0.read("node/provider-client.crt"), to: "node/reply-signing.crt")
            try $0.write($0.read("node/provider-client.key"), to: "node/reply-signing.key")
        }
        #expect(wrong == TrustError(file: "node/reply-signing.crt", reason: .certificateNotUsable(.wrongUsage)))
    }

    @Test func `a revocation list that cannot be used is named with its issuer`() throws {
        let file = "crls/signer-root.pem"
        let issuer = "CN=Utveckling signer root,O=Utveckling,C=SE"
        #expect(try self.error(at: now() + 31 * day) { _ in }?.file.hasPrefix("crls/") == true)
        let late = try self.error(at: now() + 31 * day) { try self.keepOnly("signer-root.pem", in: $0) }
        #expect(late == TrustError(file: file, reason: .revocationListExpired(issuer: issuer)))
        let early = try self.error(at: now() - day / 2) { try self.keepOnly("signer-root.pem", in: $0) }
        #expect(early == TrustError(file: file, reason: .revocationListNotYetValid(issuer: issuer)))
        let empty = try self.error { try $0.write([], to: file) }
        #expect(empty == TrustError(file: file, reason: .noRevocationList))
        let broken = try self.error { try $0.write([UInt8]("-----BEGIN X509 CRL-----\nAAAA\n".utf8), to: file) }
        #expect(broken?.file == file)
        let foreign = try self.error { try $0.write($0.read("peers/reply-crls.pem"), to: "crls/foreign.pem") }
        #expect(foreign?.file == "crls/foreign.pem")
        #expect(
            foreign?.reason == .revocationListOfUnknownIssuer(issuer: "CN=Utveckling node root,O=Utveckling,C=SE"))
        // The right name is not enough: it must be the right key.
        let namesake = try TestAuthority(subject: "/C=SE/O=Utveckling/CN=Utveckling signer root")
        _ = try namesake.revocationList()
        let forged = try self.error { try $0.write(namesake.revocationListPEM(), to: file) }
        #expect(forged == TrustError(file: file, reason: .revocationListOfUnknownIssuer(issuer: issuer)))
    }

    private func keepOnly(_ name: String, in folder: TemporaryFolder) throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.file("crls")) where file != name {
            try FileManager.default.removeItem(atPath: folder.file("crls/\(file)"))
        }
    }

    @Test func `a list or anchor that a role has no use for does not stop it`() throws {
        let late = now() + 31 * day
        #expect(try self.error(.correlator, at: late) { _ in } == nil)
        #expect(try self.error(.worker, at: late) { try self.keepOnly("signer-root.pem", in: $0) } == nil)
        #expect(try self.error(.worker, at: late) { try self.keepOnly("provider-root.pem", in: $0) } != nil)
        #expect(
            try self.error(.worker) { try FileManager.default.removeItem(atPath: $0.file("anchors/clients.pem")) }
                != nil)
        // Without the clients' authorities their lists have no known issuer: a worker's set holds neither.
        let own = try self.error(.worker) {
            for kind in ["clients", "signers"] {
                try FileManager.default.removeItem(atPath: $0.file("anchors/\(kind).pem"))
                try FileManager.default.removeItem(atPath: $0.file("intermediates/\(kind).pem"))
            }
            try self.keepOnly("provider-root.pem", in: $0)
        }
        #expect(own == nil)
    }

    @Test func `a file beyond the limit is not read`() throws {
        let error = try self.error {
            let handle = try FileHandle(forWritingTo: URL(filePath: $0.file("crls/signer-root.pem")))
            try handle.truncate(atOffset: 200 * 1_024 * 1_024)
        }
        #expect(error == TrustError(file: "crls/signer-root.pem", reason: .tooLarge(limit: 32 * 1_024 * 1_024)))
    }

    @Test func `an authority without a list and an expired one are warnings`() throws {
        let copy = try self.pki.copy()
        try FileManager.default.removeItem(atPath: copy.file("crls/signer-root.pem"))
        let snapshot = try self.load(copy)
        #expect(snapshot.warnings == [.noRevocationList(issuer: "CN=Utveckling signer root,O=Utveckling,C=SE")])
        #expect(try self.load(copy, policy: .withoutRevocation).warnings.isEmpty)
        #expect(try self.load(copy, .worker).warnings.isEmpty)
    }

    @Test func `no description of a snapshot's parts shows a key`() throws {
        let snapshot = try self.load(self.pki.folder)
        var dumped = ""
        dump(snapshot.server, to: &dumped)
        for text in ["\(snapshot)", dumped, String(reflecting: snapshot.server)] {
            #expect(!text.contains("PRIVATE KEY"))
            // The same word as an array prints it.
            #expect(!text.contains("80, 82, 73, 86, 65, 84, 69"))
        }
    }

    @Test func `many threads share one snapshot`() async throws {
        let snapshot = try self.load(self.pki.folder)
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
                        let signature = try? snapshot.signature(over: exampleContent)
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
        let snapshot = try self.load(self.pki.folder)
        let client = try [
            Tool.openssl("x509", "-in", self.pki.path("peers/kommun-a/transport.crt"), "-outform", "DER").standardOutput
        ]
        let listEnd = try #require(self.pki.revocationLists().compactMap(\.nextUpdate).min())
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd - 100).accepted)
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd - 1).accepted)
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd).reason == .revocationUnknown)
        #expect(snapshot.verifyClient(certificatesDER: client, at: listEnd - 1).accepted)
    }

    @Test func `the gateway's port gets the signed bytes or a fault`() throws {
        let snapshot: any MessageVerifying = try self.load(self.pki.folder)
        func answer(_ credential: String, over content: [UInt8]) throws -> VerificationResult {
            let signature = try OpenSSLSigner(self.pki, credential).sign(exampleContent)
            return snapshot.verify(.detached(content: content, signature: signature), at: now())
        }
        guard case .verified(let verified) = try answer("peers/kommun-a/signer", over: exampleContent) else {
            Issue.record("refused")
            return
        }
        #expect(verified.content == exampleContent)
        for (credential, fault) in [
            ("peers/kommun-a/signer", Fault.signatureInvalid), ("bad/revoked/signer", .certificateRevoked),
        ] {
            guard case .refused(let found) = try answer(credential, over: exampleContent + [1]) else {
                Issue.record("accepted")
                return
            }
            #expect(found == fault)
        }
        let bad = try Tool.openssl("x509", "-in", self.pki.path("bad/revoked/transport.crt"), "-outform", "DER")
        #expect(snapshot.identifyClient([bad.standardOutput], at: now()) == nil)
    }
}
