import Foundation
import Gateway
import SHS
import Testing
import Trust

/// Which certificates are accepted and, for each that is not, why: the reason, not only the answer.
struct CertificateVerifierTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    private func verdict(
        _ file: String, _ purpose: CertificatePurpose, policy: TrustPolicy = TrustPolicy(), at instant: Int64 = now()
    ) throws -> CertificateVerdict {
        let kind = ["client": "clients", "signer": "signers", "server": "providers"][purpose.rawValue] ?? ""
        let certificates = try self.pki.certificates(file)
        return try self.pki.verifier(kind, policy: policy).verify(
            #require(certificates.first), intermediates: Array(certificates.dropFirst()), purpose: purpose, at: instant)
    }

    @Test(arguments: ["kommun-a", "kommun-b", "supplier", "unregistered"])
    func `a party's certificates are accepted for their purpose`(party: String) throws {
        for (file, purpose) in [("transport", CertificatePurpose.client), ("signer", .signer)] {
            let verdict = try self.verdict("peers/\(party)/\(file).crt", purpose)
            #expect(verdict.accepted, "\(verdict)")
            #expect(verdict.chain.count == 3)
            #expect(verdict.checks.allSatisfy { $0.result == .passed })
        }
    }

    @Test func `the identity is what the certificate says`() throws {
        let holder = try #require(try self.verdict("peers/kommun-a/signer.crt", .signer).holder)
        #expect(holder.subject == "serialNumber=162120009911,CN=Kommun A (test) signering,O=Kommun A (test),C=SE")
        #expect(holder.organisation == "2120009911")
        #expect(holder.commonName == "Kommun A (test) signering")
        #expect(holder.issuer == "CN=Utveckling signer issuing,O=Utveckling,C=SE")
        let told = try Tool.openssl(
            "x509", "-in", self.pki.path("peers/kommun-a/signer.crt"), "-noout", "-serial", "-fingerprint", "-sha256"
        ).text
        #expect(told.contains("serial=\(holder.serialNumber)\n"))
        #expect(told.replacing(":", with: "").lowercased().contains(holder.fingerprint))
    }

    @Test func `letters outside ASCII stay as people write them`() throws {
        let holder = try #require(try self.verdict("peers/supplier/signer.crt", .signer).holder)
        #expect(holder.subject.contains("O=Leverantör (test)"))
    }

    @Test(arguments: [
        ("expired", RefusalReason.expired, Fault.certificateExpired),
        ("not-yet-valid", .notYetValid, .certificateNotYetValid),
        ("revoked", .revoked, .certificateRevoked),
        ("untrusted", .untrusted, .certificateUntrusted),
        ("weak-key", .weakAlgorithm, .algorithmTooWeak),
        ("weak-digest", .weakAlgorithm, .algorithmTooWeak),
        ("usage-extended", .wrongUsage, .certificateWrongUsage),
        ("usage-key", .wrongUsage, .certificateWrongUsage),
    ])
    func `a broken certificate is refused for its own reason`(
        kind: String, reason: RefusalReason, fault: Fault
    ) throws {
        let signer = try self.verdict("bad/\(kind)/signer.crt", .signer)
        #expect(signer.reason == reason)
        #expect(signer.reason?.fault(for: .signer) == fault)
        // Nothing else is wrong with it, or the fixture would prove nothing.
        #expect(signer.checks.filter { $0.result == .failed }.map(\.kind) == [reason.check])
        // Where the path leads nowhere, nothing is claimed about it.
        let skipped = signer.checks.contains { $0.kind == .revocation && $0.result == .skipped }
        #expect(skipped == (reason == .untrusted))
        let client = try self.verdict("bad/\(kind)/transport.crt", .client)
        #expect(client.reason == reason)
        #expect(client.reason?.fault(for: .client) == .transportUntrusted)
    }

    @Test func `a signing certificate opens no connection and a transport certificate signs nothing`() throws {
        let verifier = try self.pki.verifier("clients")
        let signer = try self.pki.certificates("peers/kommun-a/transport.crt")
        #expect(verifier.verify(signer[0], purpose: .signer, at: now()).reason == .wrongUsage)
        #expect(verifier.verify(signer[0], purpose: .server, at: now()).reason == .wrongUsage)
        let transport = try self.pki.certificates("peers/kommun-a/signer.crt")
        #expect(
            try self.pki.verifier("signers").verify(transport[0], purpose: .client, at: now()).reason == .wrongUsage)
    }

    @Test func `anchors for clients do not vouch for signers`() throws {
        let signer = try self.pki.certificates("peers/kommun-a/signer.crt")
        let verdict = try self.pki.verifier("clients").verify(
            signer[0], intermediates: Array(signer.dropFirst()), purpose: .signer, at: now())
        #expect(verdict.reason == .untrusted)
    }

    @Test func `a certificate is over in the second in which it ends`() throws {
        let certificates = try self.pki.certificates("bad/expired/signer.crt")
        let end = try #require(certificates.first?.identity.notAfter)
        let policy = TrustPolicy.withoutRevocation
        let verifier = try self.pki.verifier("signers", policy: policy)
        #expect(verifier.verify(certificates[0], purpose: .signer, at: end).reason == .expired)
        // The authorities began later: one second before, this is all there is to say.
        let before = verifier.verify(certificates[0], purpose: .signer, at: end - 1)
        #expect(!before.checks.flatMap(\.findings).contains { $0.reason == .expired })
    }

    @Test func `the allowance for clocks moves both ends of a validity and no further`() throws {
        var policy = TrustPolicy.withoutRevocation
        policy.clockSkewAllowance = 300
        let certificate = try self.pki.certificates("peers/kommun-a/signer.crt")
        let end = certificate[0].identity.notAfter
        let verifier = try self.pki.verifier("signers", policy: policy)
        #expect(verifier.verify(certificate[0], purpose: .signer, at: end + 299).accepted)
        #expect(verifier.verify(certificate[0], purpose: .signer, at: end + 300).reason == .expired)
        let later = try self.pki.certificates("bad/not-yet-valid/signer.crt")
        let text = try Tool.openssl(
            "x509", "-in", self.pki.path("bad/not-yet-valid/signer.crt"), "-noout", "-startdate"
        ).text
        let start = try #require(parseOpenSSLDate(text))
        #expect(verifier.verify(later[0], purpose: .signer, at: start - 300).accepted)
        #expect(verifier.verify(later[0], purpose: .signer, at: start - 301).reason == .notYetValid)
    }

    @Test func `without its authority's list a certificate's revocation is unknown`() throws {
        let lists = try self.pki.revocationLists().filter { !$0.issuer.contains("signer issuing") }
        let certificates = try self.pki.certificates("peers/kommun-a/signer.crt")
        let verifier = try self.pki.verifier("signers", revocationLists: lists)
        let verdict = verifier.verify(certificates[0], purpose: .signer, at: now())
        #expect(verdict.reason == .revocationUnknown)
        #expect(verdict.reason?.fault(for: .signer) == .revocationUnknown)
    }

    @Test func `without the root's list the revocation of the issuing authority is unknown`() throws {
        let lists = try self.pki.revocationLists().filter { !$0.issuer.contains("signer root") }
        let certificates = try self.pki.certificates("peers/kommun-a/signer.crt")
        let verifier = try self.pki.verifier("signers", revocationLists: lists)
        #expect(verifier.verify(certificates[0], purpose: .signer, at: now()).reason == .revocationUnknown)
    }

    @Test func `a list that has run out says nothing`() throws {
        let certificates = try self.pki.certificates("peers/kommun-a/signer.crt")
        let verdict = try self.pki.verifier("signers").verify(certificates[0], purpose: .signer, at: now() + 40 * day)
        #expect(verdict.reason == .revocationUnknown)
    }

    @Test func `a policy without revocation asks for no lists and does not claim the check`() throws {
        let verifier = try self.pki.verifier("signers", policy: .withoutRevocation, revocationLists: [])
        let verdict = verifier.verify(
            try self.pki.certificates("bad/revoked/signer.crt")[0], purpose: .signer, at: now())
        #expect(verdict.accepted)
        #expect(!verdict.checks.contains { $0.kind == .revocation })
    }

    @Test func `a base service's certificate has to be for the host that was called`() throws {
        let certificate = try self.pki.certificates("simulators/server.crt")[0]
        let verifier = try self.pki.verifier("providers")
        func reason(_ host: String) -> RefusalReason? {
            verifier.verify(certificate, purpose: .server, serverName: host, at: now()).reason
        }
        #expect(reason("localhost") == nil)
        #expect(reason("127.0.0.1") == nil)
        #expect(reason("127.0.0.2") == .wrongServerName)
        #expect(reason("example.org") == .wrongServerName)
        #expect(reason("") == .wrongServerName)
    }

    @Test func `bytes that are no certificate are malformed`() throws {
        let snapshot = try self.pki.snapshot(at: now())
        for der in [[], [0x30], [UInt8](repeating: 0x41, count: 500)] as [[UInt8]] {
            #expect(snapshot.verifyClient(certificatesDER: [der], at: now()).reason == .malformed)
        }
        #expect(snapshot.verifyClient(certificatesDER: [], at: now()).reason == .malformed)
    }

    @Test func `every single flipped byte of a certificate is noticed`() throws {
        let pem = try self.pki.certificates("peers/kommun-a/signer.crt")
        let der = try Tool.openssl("x509", "-in", self.pki.path("peers/kommun-a/signer.crt"), "-outform", "DER")
            .standardOutput
        let verifier = try self.pki.verifier("signers")
        for index in der.indices {
            var spoiled = der
            spoiled[index] ^= 0x01
            guard let certificate = try? Certificate(der: spoiled) else { continue }
            let verdict = verifier.verify(certificate, intermediates: pem, purpose: .signer, at: now())
            #expect(!verdict.accepted, "byte \(index)")
        }
    }

    @Test func `a verdict is one JSON object with the reason spelled out`() throws {
        let verdict = try self.verdict("bad/revoked/signer.crt", .signer)
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(verdict)) as? [String: Any]
        #expect(json?["accepted"] as? Bool == false)
        #expect(json?["reason"] as? String == "revoked")
        #expect((json?["chain"] as? [Any])?.count == 3)
        let good = try self.verdict("peers/kommun-a/signer.crt", .signer)
        #expect(String(decoding: try JSONEncoder().encode(good), as: UTF8.self).contains("\"reason\":null"))
    }

    @Test func `the names of the reasons are those that records have`() {
        #expect(
            RefusalReason.allCases.map(\.rawValue) == [
                "signature-missing", "signature-malformed", "several-signers", "signature-nested",
                "signer-certificate-missing", "internal-failure", "malformed", "untrusted", "bad-certificate-signature",
                "weak-algorithm", "revoked", "expired", "not-yet-valid", "wrong-usage", "not-an-authority",
                "critical-extension", "name-constraint", "policy", "wrong-server-name", "revocation-unknown",
                "signature-invalid",
            ])
    }

    @Test func `openssl verify agrees on every certificate of the PKI`() throws {
        for party in [
            "peers/kommun-a", "peers/kommun-b", "peers/supplier", "bad/expired", "bad/not-yet-valid",
            "bad/revoked", "bad/untrusted",
        ] {
            for (file, kind, purpose) in [
                ("transport", "clients", CertificatePurpose.client), ("signer", "signers", .signer),
            ] {
                let name = kind.dropLast()
                let output = try Tool.run([
                    "openssl", "verify", "-x509_strict", "-crl_check_all", "-policy_check",
                    "-CAfile", self.pki.path("anchors/\(kind).pem"),
                    "-untrusted", self.pki.path("intermediates/\(kind).pem"),
                    "-CRLfile", self.pki.path("crls/\(name)-root.pem"),
                    "-CRLfile", self.pki.path("crls/\(name)-issuing.pem"),
                    self.pki.path("\(party)/\(file).crt"),
                ])
                let ours = try self.verdict("\(party)/\(file).crt", purpose)
                #expect(output.succeeded == ours.accepted, "\(party)/\(file): \(output.errorText)")
            }
        }
    }
}

extension TrustPolicy {
    static var withoutRevocation: TrustPolicy {
        var policy = TrustPolicy()
        policy.requiresRevocation = false
        return policy
    }
}

/// Reads `notBefore=Nov 21 10:00:00 2026 GMT`.
func parseOpenSSLDate(_ text: String) -> Int64? {
    guard let value = text.split(separator: "=").last else { return nil }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "MMM d HH:mm:ss yyyy zzz"
    let date = formatter.date(from: value.trimmingCharacters(in: .whitespacesAndNewlines).replacing("  ", with: " "))
    return date.map { Int64($0.timeIntervalSince1970) }
}
