import Foundation
import Gateway
import Testing
import Trust

/// Revocation on small paths of our own: base, delta, partial and indirect lists (RFC 5280 §6.3).
struct RevocationTests {
    private static let leaf = TestAuthority.signerUsage

    @Test func `a revoked issuing authority takes all its certificates with it`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(subject: "/CN=Issuing", parent: root)
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(signer, below: root, issuing).accepted)
        try root.revoke(issuing.own)
        #expect(try pathVerdict(signer, below: root, issuing).reason == .revoked)
    }

    @Test func `a delta list revokes what its base does not know yet`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let other = try root.issue(subject: "/CN=Other", extensions: Self.leaf)
        let freshest = "freshestCRL=URI:http://localhost/delta"
        let base = try root.revocationList(number: 1, extensions: freshest)
        let serial = try signer.certificate().identity.serialNumber
        let delta = try root.revocationList(
            number: 2, extensions: "2.5.29.27=critical,DER:02:01:01", revoking: [serial])
        let verifier = try CertificateVerifier(
            anchors: [root.own.certificate()], revocationLists: [base, delta])
        #expect(verifier.verify(try signer.certificate(), purpose: .signer, at: now()).reason == .revoked)
        #expect(verifier.verify(try other.certificate(), purpose: .signer, at: now()).accepted)
        // A delta alone is no list.
        let alone = try CertificateVerifier(anchors: [root.own.certificate()], revocationLists: [delta])
        #expect(alone.verify(try other.certificate(), purpose: .signer, at: now()).reason == .revocationUnknown)
    }

    @Test func `a list for other certificates than end entities does not answer for one`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        func reason(_ scope: String) throws -> RefusalReason? {
            let lists =
                [
                    try root.revocationList(extensions: "issuingDistributionPoint=critical,@p\n[p]\n\(scope)=TRUE")
                ]
                + (scope == "onlyuser"
                    ? [try root.revocationList(extensions: "issuingDistributionPoint=critical,@p\n[p]\nonlyCA=TRUE")]
                    : [])
            return try CertificateVerifier(anchors: [root.own.certificate()], revocationLists: lists)
                .verify(signer.certificate(), purpose: .signer, at: now()).reason
        }
        #expect(try reason("onlyuser") == nil)
        #expect(try reason("onlyCA") == .revocationUnknown)
        #expect(try reason("onlyAA") == .revocationUnknown)
    }

    @Test func `an indirect list answers when the certificate points to its issuer`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let lister = try TestAuthority(subject: "/CN=Lister", parent: root)
        let point = """
            crlDistributionPoints=d
            [d]
            fullname=URI:http://localhost/list
            CRLissuer=dirName:n
            [n]
            CN=Lister
            """
        let pointing = try root.issue(subject: "/CN=Signer", extensions: "\(Self.leaf)\n\(point)")
        let silent = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let serial = try pointing.certificate().identity.serialNumber
        // The root's own list speaks of authorities only: whoever else is asked about needs the indirect one.
        let own = try root.revocationList(extensions: "issuingDistributionPoint=critical,@p\n[p]\nonlyCA=TRUE")
        let scope = """
            issuingDistributionPoint=critical,@p
            [p]
            fullname=URI:http://localhost/list
            indirectCRL=TRUE
            """
        func reason(_ certificate: TestAuthority.Issued, _ lists: [RevocationList]) throws -> RefusalReason? {
            try CertificateVerifier(
                anchors: [root.own.certificate()], intermediates: [lister.own.certificate()],
                revocationLists: [own] + lists
            ).verify(certificate.certificate(), purpose: .signer, at: now()).reason
        }
        let indirect = try lister.revocationList(extensions: scope)
        #expect(try reason(pointing, [indirect]) == nil)
        #expect(try reason(silent, [indirect]) == .revocationUnknown)
        #expect(try reason(pointing, []) == .revocationUnknown)
        // A list that does not say that it is indirect speaks of its own issuer's certificates only.
        #expect(try reason(pointing, [lister.revocationList()]) == .revocationUnknown)
        // So does an entry without a certificate issuer (RFC 5280 §5.3.3).
        #expect(try reason(pointing, [lister.revocationList(extensions: scope, revoking: [serial])]) == nil)
        // A lister that the root has revoked is not asked.
        let listerSerial = try lister.own.certificate().identity.serialNumber
        let revoking = try root.revocationList(
            extensions: "issuingDistributionPoint=critical,@p\n[p]\nonlyCA=TRUE", revoking: [listerSerial])
        let verifier = try CertificateVerifier(
            anchors: [root.own.certificate()], intermediates: [lister.own.certificate()],
            revocationLists: [revoking, indirect])
        #expect(try verifier.verify(pointing.certificate(), purpose: .signer, at: now()).reason == .revocationUnknown)
    }

    @Test func `a list below the floor or of another authority says nothing`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let namesake = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        for list in [try root.revocationList(digest: "sha1"), try namesake.revocationList()] {
            let verifier = try CertificateVerifier(anchors: [root.own.certificate()], revocationLists: [list])
            #expect(verifier.verify(try signer.certificate(), purpose: .signer, at: now()).reason == .revocationUnknown)
        }
    }
}
