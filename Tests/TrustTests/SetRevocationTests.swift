import Foundation
import Gateway
import Testing
import Trust

/// Revocation lists of a set and those that were fetched: which are used, which stop a set, which are only told.
struct SetRevocationTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    private static let file = "crls/signer-root.pem"
    private static let issuer = "CN=Utveckling signer root,O=Utveckling,C=SE"
    /// When all lists of the PKI have run out.
    private let late = now() + 31 * day

    private func problem(_ reason: TrustProblem.Reason) -> [TrustProblem] {
        [TrustProblem(file: Self.file, reason: reason)]
    }

    @Test func `a list that cannot be used is named with its issuer`() throws {
        func problems(at instant: Int64 = now(), _ bytes: [UInt8]? = nil) throws -> [TrustProblem] {
            try self.pki.problems(at: instant) {
                if let bytes { try $0.write(bytes, to: Self.file) }
                try $0.keepOnly(list: "signer-root.pem")
            }
        }
        #expect(try problems(at: self.late) == self.problem(.revocationListExpired(issuer: Self.issuer)))
        #expect(try problems(at: now() - day / 2) == self.problem(.revocationListNotYetValid(issuer: Self.issuer)))
        #expect(try problems([]) == self.problem(.noRevocationList))
        #expect(try problems(self.pki.read("anchors/clients.pem")) == self.problem(.noRevocationList))
        let broken = try problems([UInt8]("-----BEGIN X509 CRL-----\nAAAA\n".utf8))
        #expect(broken.map(\.file) == [Self.file])
        let foreign = try problems(TestAuthority(subject: "/CN=Foreign").revocationListPEM())
        #expect(
            foreign
                == self.problem(.revocationListOfUnknownIssuer(issuer: "CN=Foreign")))
        // The right name is not enough: it must be the right key.
        let namesake = try TestAuthority(subject: "/C=SE/O=Utveckling/CN=Utveckling signer root")
        #expect(
            try problems(namesake.revocationListPEM())
                == self.problem(.revocationListOfUnknownIssuer(issuer: Self.issuer)))
    }

    @Test func `a weak list is refused`() throws {
        let weak = try self.list("signer-root", "-md", "sha1")
        #expect(
            try self.pki.problems { try $0.write(weak, to: Self.file) }
                == self.problem(.revocationListBelowFloor(issuer: Self.issuer)))
    }

    @Test func `a list that a role has no use for does not stop it`() throws {
        #expect(try self.pki.problems(.correlator, at: self.late) == [])
        #expect(try self.pki.problems(.worker, at: self.late) { try $0.keepOnly(list: "signer-root.pem") } == [])
        #expect(try self.pki.problems(.worker, at: self.late) { try $0.keepOnly(list: "provider-root.pem") } != [])
    }

    @Test func `an authority without a list is a warning`() throws {
        let copy = try SetCopy(of: self.pki)
        try copy.remove(Self.file)
        try copy.seal()
        #expect(try copy.load().warnings == [.noRevocationList(issuer: Self.issuer)])
        #expect(try copy.load(policy: .withoutRevocation).warnings.isEmpty)
        #expect(try copy.load(.worker).warnings.isEmpty)
    }

    /// A list of one of the PKI's authorities, made now.
    private func list(_ authority: String, _ options: String...) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let output = try Tool.run(
            [
                "openssl", "ca", "-config", self.pki.path("authorities/\(authority)/config"), "-gencrl", "-out",
                folder.file("list"),
            ] + options)
        try #require(output.succeeded, "\(output.errorText)")
        return try folder.read("list")
    }

    private func date(_ instant: Int64) throws -> String {
        try #require(
            String(
                validating: Tool.run(["date", "-u", "-d", "@\(instant)", "+%Y%m%d%H%M%SZ"]).standardOutput.dropLast(),
                as: UTF8.self))
    }

    /// A list of every authority, valid at `late`.
    private func fetched() throws -> [(name: String, pem: [UInt8])] {
        try ["client-root", "client-issuing", "signer-root", "signer-issuing", "provider-root"].map {
            (
                $0,
                try self.list(
                    $0, "-crl_lastupdate", self.date(self.late - day), "-crl_nextupdate", self.date(self.late + day))
            )
        }
    }

    @Test func `a set whose lists have run out starts with newer ones that were fetched`() throws {
        let folder = try TemporaryFolder()
        for (name, pem) in try self.fetched() {
            let isDER = name == "signer-root"
            try folder.write(pem, to: "\(name).pem")
            if isDER {
                try Tool.openssl(
                    "crl", "-in", folder.file("\(name).pem"), "-outform", "DER", "-out", folder.file("\(name).crl"))
                try FileManager.default.removeItem(atPath: folder.file("\(name).pem"))
            }
        }
        let copy = try SetCopy(of: self.pki)
        try copy.seal()
        #expect(try copy.problems(at: self.late).count == 5)
        let snapshot = try copy.load(revocationFolder: folder.path, at: self.late)
        #expect(snapshot.warnings.count == 5)
        #expect(
            snapshot.warnings.contains(
                .revocationListNotUsed(file: Self.file, reason: .revocationListExpired(issuer: Self.issuer))))
        let client = try [self.pki.der("peers/kommun-a/transport.crt")]
        #expect(snapshot.verifyClient(certificatesDER: client, at: self.late).accepted)
        // One that is missing leaves the set's own without a successor.
        try FileManager.default.removeItem(atPath: folder.file("signer-root.crl"))
        #expect(
            try copy.problems(revocationFolder: folder.path, at: self.late)
                == self.problem(.revocationListExpired(issuer: Self.issuer)))
    }

    @Test func `what others serve never stops a set`() throws {
        let folder = try TemporaryFolder()
        try folder.write([0x30, 0x82], to: "half.crl")
        try folder.write([], to: "empty.pem")
        try folder.write(self.pki.read("peers/reply-crls.pem"), to: "foreign.pem")
        try folder.write(
            try TestAuthority(subject: "/C=SE/O=Utveckling/CN=Utveckling signer root").revocationListPEM(),
            to: "forged.pem")
        try folder.write(try self.list("signer-root", "-md", "sha1"), to: "weak.pem")
        try folder.write([], to: "large.pem")
        try FileHandle(forWritingTo: URL(filePath: folder.file("large.pem"))).truncate(atOffset: 200 * 1_024 * 1_024)
        let copy = try SetCopy(of: self.pki)
        try copy.seal()
        let snapshot = try copy.load(revocationFolder: folder.path)
        #expect(snapshot.warnings.count == 3, "\(snapshot.warnings)")
        #expect(try copy.load(revocationFolder: folder.file("nowhere")).warnings.isEmpty)
        let revoked = try [self.pki.der("bad/revoked/transport.crt")]
        #expect(snapshot.verifyClient(certificatesDER: revoked, at: now()).reason == .revoked)
    }

    @Test func `a fetched list revokes at once, and its absence gives back what the set says`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let client = try root.issue(
            subject: "/CN=Client", extensions: "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth")
        let copy = try SetCopy(of: self.pki)
        try copy.write(root.own.folder.read("crt"), to: "anchors/clients.pem")
        try copy.remove("crls/client-root.pem")
        try copy.remove("crls/client-issuing.pem")
        try copy.remove("intermediates/clients.pem")
        // The newer one of two lists decides: that of the set began an hour ago.
        let earlier = ["-crl_lastupdate", try self.date(now() - 3_600), "-crl_nextupdate", try self.date(now() + day)]
        try copy.write(root.revocationListPEM(options: earlier), to: "crls/root.pem")
        try copy.seal()
        let snapshot = try copy.load(.ingress)
        let shown = [try client.der()]
        #expect(snapshot.verifyClient(certificatesDER: shown, at: now()).accepted)
        try root.revoke(client)
        let list = try root.revocationList(number: 2)
        // As certificate authorities with the name, and one with the key identifier, of the right one would make them.
        let identifier = try Tool.openssl("x509", "-in", root.certificateFile, "-noout", "-ext", "subjectKeyIdentifier")
            .text.split(separator: "\n").last.map { $0.trimmingCharacters(in: .whitespaces) }
        let forged = try ["hash", #require(identifier)].map {
            try TestAuthority(
                subject: "/CN=Root", extensions: "\(TestAuthority.authorityUsage)\nsubjectKeyIdentifier=\($0)"
            ).revocationList(number: 9, revoking: [client.certificate().identity.serialNumber])
        }
        let instant = now()
        let changed = try snapshot.withRevocation(lists: [list], at: instant)
        #expect(changed.number == snapshot.number)
        #expect(changed.verifyClient(certificatesDER: shown, at: instant).reason == .revoked)
        // The old snapshot goes on with what it knew.
        #expect(snapshot.verifyClient(certificatesDER: shown, at: instant).accepted)
        #expect(
            try changed.withRevocation(lists: [], at: instant).verifyClient(certificatesDER: shown, at: instant)
                .accepted)
        // A list of somebody with the same name changes nothing.
        for list in forged {
            let unchanged = try snapshot.withRevocation(lists: [list], at: instant)
            #expect(unchanged.verifyClient(certificatesDER: shown, at: instant).accepted)
        }
    }

    @Test func `in its grace a list counts with a warning, in the set and in the verdict`() throws {
        var policy = TrustPolicy()
        policy.revocationGrace = 3 * day
        let copy = try SetCopy(of: self.pki)
        try copy.seal()
        let end = try #require(self.pki.revocationLists().compactMap(\.nextUpdate).max())
        let client = try [self.pki.der("peers/kommun-a/transport.crt")]
        let fresh = try copy.load(.ingress, policy: policy)
        func revocation(_ instant: Int64) -> TrustCheck.Result? {
            fresh.verifyClient(certificatesDER: client, at: instant).checks.first { $0.kind == .revocation }?.result
        }
        #expect(revocation(end - day) == .passed)
        #expect(revocation(end) == .warned)
        #expect(fresh.verifyClient(certificatesDER: client, at: end + 2 * day).accepted)
        #expect(fresh.verifyClient(certificatesDER: client, at: end + 3 * day).reason == .revocationUnknown)
        let revoked = try [self.pki.der("bad/revoked/transport.crt")]
        #expect(fresh.verifyClient(certificatesDER: revoked, at: end + day).reason == .revoked)
        let inGrace = try copy.load(policy: policy, at: end + day)
        #expect(inGrace.warnings.contains(.revocationListInGrace(file: Self.file, issuer: Self.issuer)))
        #expect(try copy.problems(policy: policy, at: end + 3 * day).count == 5)
        // An allowance for clocks comes first, and without a warning.
        policy.clockSkewAllowance = 300
        let skewed = try copy.load(.ingress, policy: policy)
        let start = try #require(self.pki.revocationLists().compactMap(\.nextUpdate).min())
        let verdict = skewed.verifyClient(certificatesDER: client, at: start + 290)
        #expect(verdict.accepted && !verdict.checks.contains { $0.result == .warned })
        #expect(skewed.verifyClient(certificatesDER: client, at: start + 3 * day + 299).accepted)
        #expect(skewed.verifyClient(certificatesDER: client, at: end + 3 * day + 300).reason == .revocationUnknown)
    }

    @Test func `where the policy only warns, lists that have run out do not stop a set`() throws {
        var policy = TrustPolicy()
        policy.set(.warn, for: .revocation)
        let copy = try SetCopy(of: self.pki)
        try copy.seal()
        let snapshot = try copy.load(.ingress, policy: policy, at: self.late)
        #expect(snapshot.warnings.count == 4)
        let verdict = snapshot.verifyClient(
            certificatesDER: [try self.pki.der("peers/kommun-a/transport.crt")], at: self.late)
        #expect(verdict.accepted)
        #expect(verdict.checks.contains { $0.kind == .revocation && $0.result == .warned })
        // What an old list revoked stays revoked.
        let revoked = snapshot.verifyClient(
            certificatesDER: [try self.pki.der("bad/revoked/transport.crt")], at: self.late)
        #expect(revoked.reason == .revoked)
    }
}
