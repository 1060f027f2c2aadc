import Foundation
import Gateway
import Testing
import Trust

/// Sets that are not taken over: every problem with its file, and all of them at once.
struct SetProblemTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    private func problems(
        _ role: TrustRole = .all, at instant: Int64 = now(), change: (SetCopy) throws -> Void
    ) throws -> [TrustProblem] {
        try self.pki.problems(role, at: instant, change: change)
    }

    @Test func `all problems are told at once, one a line`() throws {
        let problems = try self.problems {
            try $0.write([], to: "anchors/clients.pem")
            try $0.write($0.read("node/provider-client/1.key"), to: "node/reply-signing/1.key")
            try $0.write([0x41], to: "crls/signer-root.pem")
            try $0.remove("node/tls-server/1.key")
        }
        #expect(
            problems.map(\.file) == [
                "node/tls-server/1.key", "node/reply-signing/1.key", "anchors/clients.pem",
            ])
        #expect(
            TrustError(problems).description == """
                node/tls-server/1.key: the file is missing
                node/reply-signing/1.key: the key does not belong to the certificate beside it
                anchors/clients.pem: there is no certificate in the file
                """)
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o601])
    func `a key that others may use is refused`(mode: Int) throws {
        let problems = try self.problems {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: $0.file("node/tls-server/1.key"))
        }
        #expect(
            problems == [
                TrustProblem(file: "node/tls-server/1.key", reason: .openPermissions(mode: UInt32(mode)))
            ])
    }

    @Test(arguments: [
        (TrustRole.worker, "node/provider-client"), (.worker, "node/provider-client/CSN"),
        (.worker, "node/broker-client/worker"), (.ingress, "node/broker-client/ingress"),
        (.correlator, "node/broker-client/correlator"),
    ])
    func `a client's key in a token is refused, and no token is looked for`(role: TrustRole, folder: String) throws {
        let problems = try self.problems(role) {
            try $0.write($0.read("node/provider-client/1.crt"), to: "\(folder)/hsm.crt")
            try $0.write([UInt8]("pkcs11:token=none;object=none\n".utf8), to: "\(folder)/hsm.uri")
        }
        #expect(problems.first == TrustProblem(file: "\(folder)/hsm.uri", reason: .tokenNotAllowed))
        #expect(
            problems.first?.description == """
                \(folder)/hsm.uri: only keys of servers and signers may be in a token; a client needs a \
                .key file
                """)
        #expect(problems.allSatisfy { $0.reason == .tokenNotAllowed || $0.file == folder })
    }

    @Test(arguments: TrustRole.allCases)
    func `a folder that no role reads is named, with those that it could be`(role: TrustRole) throws {
        let problems = try self.problems(role) {
            for folder in ["provider-client/CNS", "broker-client/serve", "reply-signer"] {
                try $0.write($0.read("node/provider-client/1.crt"), to: "node/\(folder)/1.crt")
            }
        }
        #expect(
            TrustError(problems).description == """
                node/reply-signer/: no role reads this folder; it has to be one of tls-server, reply-signing, \
                record-signing, provider-client, broker-client
                node/provider-client/CNS/: no role reads this folder; it has to be one of AF, CSN, FK, SKV, SO, TNS, MIV
                node/broker-client/serve/: no role reads this folder; it has to be one of ingress, worker, correlator, all
                """)
    }

    @Test func `an encrypted key is unreadable and nobody is asked for a passphrase`() throws {
        let problems = try self.problems {
            try Tool.openssl(
                "pkcs8", "-topk8", "-in", $0.file("node/tls-server/1.key"), "-passout", "pass:x", "-out",
                $0.file("encrypted"))
            try $0.write($0.read("encrypted"), to: "node/tls-server/1.key")
            try $0.remove("encrypted")
        }
        #expect(problems.map(\.file) == ["node/tls-server/1.key"])
        guard case .unreadable = problems.first?.reason else {
            Issue.record("\(problems)")
            return
        }
    }

    @Test(arguments: [
        "node/tls-server/1.crt", "anchors/clients.pem", "anchors/signers.pem", "anchors/providers.pem",
    ])
    func `a file that is empty or half written is named`(file: String) throws {
        #expect(
            try self.problems { try $0.write([], to: file) } == [TrustProblem(file: file, reason: .noCertificate)])
        let half = try self.problems { try $0.write(Array($0.read(file).prefix(300)), to: file) }
        #expect(half.map(\.file) == [file])
        guard case .unreadable = half.first?.reason else {
            Issue.record("\(half)")
            return
        }
    }

    @Test(arguments: ["clients", "signers", "providers"])
    func `anchors that a role needs cannot be missing`(kind: String) throws {
        let file = "anchors/\(kind).pem"
        let problems = try self.problems {
            try $0.remove(file)
            try $0.remove("crls")
        }
        #expect(problems == [TrustProblem(file: file, reason: .missing)])
    }

    @Test func `a list of anchors without any self-signed certificate is refused`() throws {
        let problems = try self.problems {
            try $0.write($0.read("intermediates/signers.pem"), to: "anchors/signers.pem")
        }
        #expect(problems.contains(TrustProblem(file: "anchors/signers.pem", reason: .noSelfSignedAnchor)))
    }

    @Test func `one expired anchor among others is a warning and nothing but expired ones are refused`() throws {
        let old = try TestAuthority.root(subject: "/CN=Old root", from: now() - 10 * day, until: now() - day)
            .folder.read("crt")
        let copy = try SetCopy(of: self.pki)
        try copy.write(copy.read("anchors/clients.pem") + old, to: "anchors/clients.pem")
        try copy.seal()
        let warnings = try copy.load().warnings
        #expect(warnings.contains(.authorityExpired(subject: "CN=Old root")))
        #expect(
            try copy.load().verifyClient(
                certificatesDER: [self.pki.der("peers/kommun-a/transport.crt")], at: now()
            ).accepted)
        try copy.write(old, to: "anchors/clients.pem")
        try copy.remove("crls/client-root.pem")
        try copy.seal()
        #expect(
            try copy.problems().contains(TrustProblem(file: "anchors/clients.pem", reason: .allAnchorsExpired)))
    }

    @Test func `a name that no role looks for is named instead of passed over`() throws {
        for file in [
            "anchors/client.pem", "intermediates/signer.pem", "node/tls-server/2.pem", "node/tls-server/old/1.crt",
            "crls/root.crl",
        ] {
            let problems = try self.problems { try $0.write($0.read("anchors/clients.pem"), to: file) }
            #expect(problems.count == 1)
            #expect(problems.first.map { file.hasPrefix($0.file) } == true, "\(file): \(problems)")
            guard case .unexpected = problems.first?.reason else {
                Issue.record("\(problems)")
                continue
            }
        }
    }

    @Test func `the party register is read from the set, and what is wrong with it is told`() throws {
        let copy = try SetCopy(of: self.pki)
        try copy.write(Array("parties".utf8), to: "parties.yaml")
        try copy.seal()
        func load(_ role: TrustRole) throws -> TrustSnapshot {
            try TrustSnapshot.load(directory: copy.folder.path, role: role, at: now()) { bytes in
                #expect(bytes == Array("parties".utf8))
                return try PartyRegister([Party(organisation: role == .all ? "2120002411" : "x", name: "A")])
            }
        }
        #expect(try load(.all).parties.party("2120002411")?.name == "A")
        // Others neither read it nor fail for it.
        #expect(try load(.worker).parties.all.isEmpty)
        let error = try #require(throws: TrustError.self) { try load(.ingress) }
        #expect(
            error.description == "parties.yaml: parties: 'x' is not an organisation number of ten digits")
        try copy.remove("parties.yaml")
        try copy.seal()
        #expect(try copy.problems(.ingress) == [TrustProblem(file: "parties.yaml", reason: .missing)])
        #expect(try copy.problems(.correlator) == [])
    }
}
