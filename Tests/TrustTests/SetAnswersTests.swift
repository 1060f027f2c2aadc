import Foundation
import Gateway
import Testing
import Trust

/// OCSP answers in a snapshot: read from the folder that processes share, verified by each, and never outlived by a
/// remembered verdict.
struct SetAnswersTests {
    private let root: TestAuthority
    private let client: TestAuthority.Issued
    private let set: SetCopy
    private let fetched: TemporaryFolder

    init() throws {
        self.root = try TestAuthority(subject: "/CN=Root")
        self.client = try self.root.issue(
            subject: "/CN=Client", extensions: "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth")
        self.set = try SetCopy(of: DevelopmentPKI.shared())
        try self.set.write(self.root.own.folder.read("crt"), to: "anchors/clients.pem")
        for name in ["crls/client-root.pem", "crls/client-issuing.pem", "intermediates/clients.pem"] {
            try self.set.remove(name)
        }
        try self.set.seal()
        self.fetched = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: self.fetched.file(RevocationAnswers.folderName), withIntermediateDirectories: true)
    }

    private func keep(revoked: Bool = false, known: Bool = true, by authority: TestAuthority? = nil) throws {
        let response = try OCSPResponder(authority: authority ?? self.root).response(
            about: self.client, known: known, revoked: revoked)
        try self.fetched.write(
            response, to: "\(RevocationAnswers.folderName)/\(self.client.certificate().fingerprintText).der")
    }

    private func reason(_ snapshot: TrustSnapshot) throws -> RefusalReason? {
        snapshot.verifyClient(certificatesDER: [try self.client.der()], at: now()).reason
    }

    @Test func `an answer that another process has kept is in force with the next look, and verified anew`() throws {
        let first = try self.set.load(.ingress, revocationFolder: self.fetched.path)
        #expect(try self.reason(first) == .revocationUnknown)
        #expect(first.warnings.contains(.noRevocationList(issuer: "CN=Root")))
        try self.keep()
        let second = try first.withRevocation(folder: self.fetched.path, at: now())
        #expect(try self.reason(second) == nil)
        #expect(second.warnings.isEmpty)
        // Asked again it is remembered; a new answer takes that away.
        #expect(try self.reason(second) == nil)
        #expect(!second.revokesMore(than: first))
        try self.keep(revoked: true)
        let third = try second.withRevocation(folder: self.fetched.path, at: now())
        #expect(try self.reason(third) == .revoked)
        #expect(third.revokesMore(than: second))
        // Whoever took the old snapshot ends with it.
        #expect(try self.reason(second) == nil)
        // The same from a start, and in a role that has no business with clients.
        #expect(try self.reason(self.set.load(.ingress, revocationFolder: self.fetched.path)) == .revoked)
        #expect(try self.set.load(.worker, revocationFolder: self.fetched.path).answers.isEmpty)
        // Forged files do no harm.
        try self.keep(by: TestAuthority(subject: "/CN=Root"))
        let fourth = try third.withRevocation(folder: self.fetched.path, at: now())
        #expect(try self.reason(fourth) == .revocationUnknown)
        #expect(fourth.answers.refusals.map(\.value) == [.wrongIssuer])
    }

    @Test func `an answer is read again when a list comes that may name its responder`() throws {
        let delegate = try self.root.issue(
            subject: "/CN=Responder", extensions: "keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning")
        let response = try OCSPResponder(authority: self.root, signer: delegate).response(about: self.client)
        try self.fetched.write(response, to: "\(RevocationAnswers.folderName)/a.der")
        let snapshot = try self.set.load(.ingress, revocationFolder: self.fetched.path)
        #expect(try self.reason(snapshot) == nil)
        let list = try self.root.revocationListPEM(revoking: [delegate.certificate().identity.serialNumber])
        try self.fetched.write(list, to: "list.pem")
        let changed = try snapshot.withRevocation(folder: self.fetched.path, at: now())
        #expect(changed.answers.refusals.map(\.value) == [.responderRevoked])
        // The list itself covers the client now.
        #expect(try self.reason(changed) == nil)
        #expect(changed.revocationLists.filter { $0.file == nil }.map(\.issuer) == ["CN=Root"])
    }

    @Test func `a quiet swap changes the snapshot and neither generation nor listeners`() throws {
        let snapshot = try self.set.load(.ingress, revocationFolder: self.fetched.path)
        let holder = TrustHolder(snapshot)
        try self.keep()
        holder.swap(try snapshot.withRevocation(folder: self.fetched.path, at: now()), quietly: true)
        #expect(holder.generation == 1)
        #expect(try self.reason(holder.current) == nil)
    }

    @Test func `a fetched list that has run out still revokes and shows its stage`() throws {
        try self.root.revoke(self.client)
        try self.fetched.write(self.root.revocationListPEM(), to: "list.pem")
        var policy = TrustPolicy()
        policy.set(.warn, for: .revocation)
        let late = now() + 8 * day
        let snapshot = try self.set.load(.ingress, policy: policy, revocationFolder: self.fetched.path, at: late)
        let verdict = snapshot.verifyClient(certificatesDER: [try self.client.der()], at: late)
        #expect(verdict.reason == .revoked)
        let entry = try #require(snapshot.revocationLists.first { $0.issuer == "CN=Root" })
        #expect(entry.stage(at: late, policy: policy) == .stale)
        #expect(entry.stage(at: now(), policy: policy) == .fresh)
    }
}
