import Foundation
import Revocation
import Testing
import Trust

/// Time going by, restarts, and answers about single certificates.
@Suite(.serialized)
struct RevocationKeepingTests {
    private let issuer: TestIssuer
    private let folder: TestFolder

    init() throws {
        self.issuer = try TestIssuer("Issuer")
        self.folder = try TestFolder()
    }

    private func interest(_ certificates: [UInt8]...) throws -> RevocationInterest {
        RevocationInterest(authorities: [try self.issuer.der()], certificates: certificates)
    }

    @Test func `a list that is not renewed goes from fresh to grace to stale`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.issuer.list(number: 1, from: now() - hour, until: now() + 2 * hour)))
        let holder = try self.issuer.issue("h", extensions: "crlDistributionPoints=URI:\(server.address("/crl"))")
        try await RunningService.run(RunningService.configuration(), interest: self.interest(holder)) { running in
            try await running.wait("fresh") { $0.issuers.first?.stage == .fresh }
            server.set("/crl", .hang)
            running.moveClock(by: 2 * hour + 1)
            try await running.wait("grace") { $0.issuers.first?.stage == .grace }
            running.moveClock(by: hour)
            try await running.wait("stale") { $0.issuers.first?.stage == .stale }
            // It is held all the same: what it revokes stays revoked.
            #expect(running.state.lists.count == 1)
            server.set("/crl", .bytes(try self.issuer.list(number: 2, from: now(), until: now() + 9 * hour)))
            try await running.wait("fresh again") { $0.issuers.first?.stage == .fresh }
        }
        await server.stop()
    }

    @Test func `lists and answers outlive the process, and broken files in the folder do no harm`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.issuer.list(number: 3, from: now() - hour, until: now() + hour)))
        let holder = try self.issuer.issue("h", extensions: "crlDistributionPoints=URI:\(server.address("/crl"))")
        let asked = try self.issuer.issue(
            "o", extensions: "authorityInfoAccess=OCSP;URI:\(server.address("/ocsp"))")
        server.set("/ocsp", .bytes(try self.issuer.answer(about: "o", revoked: true)))
        let fingerprint = try Certificate(der: asked).fingerprintText
        let configuration = RunningService.configuration(folder: self.folder.path)
        let interest = try self.interest(holder, asked)
        try await RunningService.run(configuration, interest: interest) { running in
            try await running.wait("both") { $0.lists.count == 1 && $0.isRevoked(certificate: fingerprint) }
        }
        await server.stop()
        #expect(self.folder.names.count { $0.hasSuffix(".crl") } == 1)
        #expect(!self.folder.names.contains { $0.hasSuffix(".tmp") })
        try self.folder.write("rubbish", to: "a.crl")
        try self.folder.write([0, 1, 2], to: "b.crl")
        let impostor = try TestIssuer("Issuer")
        let forged = try impostor.list(number: 9, from: now() - hour, until: now() + hour)
        try self.folder.write(forged, to: "c.crl")
        // The server is gone: what is known comes from the folder.
        try await RunningService.run(configuration, interest: interest) { running in
            try await running.wait("both again") { $0.lists.count == 1 && $0.isRevoked(certificate: fingerprint) }
            #expect(running.state.lists.first?.number == [3])
            try await running.wait("failures") { $0.sources.allSatisfy { $0.failure != nil } }
            #expect(running.state.lists.count == 1 && running.state.isRevoked(certificate: fingerprint))
        }
    }

    @Test func `another process's newer list in the folder is not overwritten by an older one`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.issuer.list(number: 3, from: now() - hour, until: now() + hour)))
        let holder = try self.issuer.issue("h", extensions: "crlDistributionPoints=URI:\(server.address("/crl"))")
        let configuration = RunningService.configuration(folder: self.folder.path)
        try await RunningService.run(configuration, interest: self.interest(holder)) { running in
            try await running.wait("the third") { $0.lists.first?.number == [3] }
            let name = try #require(self.folder.names.first { $0.hasSuffix(".crl") })
            let seventh = try self.issuer.list(number: 7, from: now() - 60, until: now() + hour)
            try self.folder.write(seventh, to: name)
            server.set("/crl", .bytes(try self.issuer.list(number: 5, from: now() - 120, until: now() + hour)))
            try await running.wait("the seventh") { $0.lists.first?.number == [7] }
            #expect(try RevocationList(der: self.folder.read(name)).number == [7])
        }
        await server.stop()
    }

    @Test func `another process's later answer in the folder is not overwritten by an older one`() async throws {
        let server = try await PlaceServer()
        let asked = try self.issuer.issue(
            "o", extensions: "authorityInfoAccess=OCSP;URI:\(server.address("/ocsp"))")
        let fingerprint = try Certificate(der: asked).fingerprintText
        let file = "\(RevocationAnswers.folderName)/\(fingerprint).der"
        let configuration = RunningService.configuration(folder: self.folder.path)
        let older = try self.issuer.answer(about: "o")
        // One second is what the times of answers can tell apart.
        try await Task.sleep(for: .milliseconds(1_100))
        let later = try self.issuer.answer(about: "o", revoked: true)
        try await RunningService.run(configuration, interest: self.interest(asked)) { running in
            try await running.wait("an attempt") { $0.sources.first?.failure != nil }
            try self.folder.write(later, to: file)
            server.set("/ocsp", .bytes(older))
            try await running.wait("the later one") { $0.isRevoked(certificate: fingerprint) }
            #expect(try self.folder.read(file) == later)
        }
        await server.stop()
    }

    @Test func `files that nobody uses go after a while, those in use and those of others stay`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.issuer.list(number: 3, from: now() - hour, until: now() + 400 * 24 * hour)))
        let holder = try self.issuer.issue("h", extensions: "crlDistributionPoints=URI:\(server.address("/crl"))")
        let asked = try self.issuer.issue(
            "o", extensions: "authorityInfoAccess=OCSP;URI:\(server.address("/ocsp"))")
        server.set("/ocsp", .bytes(try self.issuer.answer(about: "o", revoked: true)))
        let fingerprint = try Certificate(der: asked).fingerprintText
        var configuration = RunningService.configuration(folder: self.folder.path)
        configuration.tidyInterval = .milliseconds(50)
        try await RunningService.run(configuration, interest: self.interest(holder, asked)) { running in
            try await running.wait("both") { $0.lists.count == 1 && $0.isRevoked(certificate: fingerprint) }
            let own = try #require(self.folder.names.first { $0.hasSuffix(".crl") })
            let answer = "\(RevocationAnswers.folderName)/\(fingerprint).der"
            let gone = "\(RevocationAnswers.folderName)/\(String(repeating: "ab", count: 32)).der"
            let other = "0123456789abcdef-0123456789abcdef.crl"
            let young = "0123456789abcdef-fedcba9876543210.crl"
            for name in [other, young, gone, "theirs.crl", "theirs.pem"] { try self.folder.write("rubbish", to: name) }
            for (name, days) in [(own, 8), (answer, 8), (other, 8), (gone, 8), ("theirs.crl", 99), (young, 6)] {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -Double(days) * 86_400)],
                    ofItemAtPath: self.folder.file(name))
            }
            try await running.wait("the removal") { _ in
                !self.folder.names.contains(other) && (try? self.folder.read(gone)) == nil
            }
            for name in [own, young, "theirs.crl", "theirs.pem"] { #expect(self.folder.names.contains(name)) }
            #expect(throws: Never.self) { try self.folder.read(answer) }
            // What is used looks used to every process.
            let date = try FileManager.default.attributesOfItem(atPath: self.folder.file(own))[.modificationDate]
            #expect(try #require(date as? Date).timeIntervalSinceNow > -3_600)
        }
        await server.stop()
    }

    @Test func `who waits need not wait for the next look at the interest`() async throws {
        let server = try await PlaceServer()
        let asked = try self.issuer.issue(
            "o", extensions: "authorityInfoAccess=OCSP;URI:\(server.address("/ocsp"))")
        server.set("/ocsp", .bytes(try self.issuer.answer(about: "o")))
        let fingerprint = try Certificate(der: asked).fingerprintText
        var configuration = RunningService.configuration()
        configuration.interestInterval = .seconds(3_600)
        try await RunningService.run(configuration, interest: self.interest()) { running in
            try await running.wait("a look") { !$0.issuers.isEmpty }
            running.set(try self.interest(asked))
            running.service.interestChanged()
            try await running.wait("the answer") { $0.answers[fingerprint]?.status == .good }
        }
        await server.stop()
    }

    @Test func `a full folder keeps the service going in memory`() async throws {
        let server = try await PlaceServer()
        server.set("/crl", .bytes(try self.issuer.list(number: 3, from: now() - hour, until: now() + hour)))
        let holder = try self.issuer.issue("h", extensions: "crlDistributionPoints=URI:\(server.address("/crl"))")
        var configuration = RunningService.configuration(folder: self.folder.path)
        configuration.maximumFolderBytes = 10
        try await RunningService.run(configuration, interest: self.interest(holder)) { running in
            try await running.wait("the list") { $0.lists.count == 1 }
            #expect(running.said.contains { $0.contains("could not be kept") })
        }
        #expect(!self.folder.names.contains { $0.hasSuffix(".crl") })
        await server.stop()
    }

    @Test func `a certificate whose issuer only answers is asked about ahead of time`() async throws {
        let server = try await PlaceServer()
        let asked = try self.issuer.issue(
            "o", extensions: "authorityInfoAccess=OCSP;URI:\(server.address("/ocsp"))")
        let certificate = try Certificate(der: asked)
        let fingerprint = certificate.fingerprintText
        server.set("/ocsp", .bytes(try self.issuer.answer(about: "o")))
        var configuration = RunningService.configuration()
        configuration.longestInterval = .milliseconds(50)
        try await RunningService.run(configuration, interest: self.interest(asked)) { running in
            try await running.wait("good") { $0.status(ofCertificate: fingerprint, at: now()) == .good }
            let question = try OCSPRequest.encoded(about: certificate, issuer: self.issuer.certificate())
            #expect(server.askedQuestions.first == question)
            // Past its end and its grace it says nothing any more.
            let later = now() + 26 * hour
            #expect(running.state.status(ofCertificate: fingerprint, at: later) == nil)
            for bad: PlaceServer.Reply in [.bytes([0x30, 0x03, 0x0A, 0x01, 0x03]), .flood(1_000_000, announced: true)] {
                server.set("/ocsp", bad)
                try await running.wait("a failure") { $0.sources.first?.failure != nil }
                #expect(running.state.status(ofCertificate: fingerprint, at: now()) == .good)
                server.set("/ocsp", .bytes(try self.issuer.answer(about: "o")))
                try await running.wait("good again") { $0.sources.first?.failure == nil }
            }
            server.set("/ocsp", .bytes(try self.issuer.answer(about: "o", revoked: true)))
            try await running.wait("revoked") { $0.isRevoked(certificate: fingerprint) }
            // A revocation does not run out.
            #expect(running.state.status(ofCertificate: fingerprint, at: later) == .revoked)
            // Nobody asks about it any more.
            running.set(try self.interest())
            try await running.wait("forgotten") { $0.answers.isEmpty && $0.sources.isEmpty }
        }
        await server.stop()
    }

    @Test func `an issuer configured for answers is asked for them even where lists are named`() throws {
        let holder = try self.issuer.issue("h", extensions: "crlDistributionPoints=URI:http://localhost/crl")
        var configuration = RevocationConfiguration()
        func addresses() throws -> [String] {
            try RevocationPlan(self.interest(holder), configuration: configuration).sources.values.map(\.address)
        }
        #expect(try addresses() == ["http://localhost/crl"])
        configuration.responders = ["CN=Issuer": ["http://localhost/ocsp"]]
        #expect(try addresses() == ["http://localhost/ocsp"])
        configuration.responders = [:]
        configuration.followsCertificates = false
        #expect(try addresses() == [])
    }
}
