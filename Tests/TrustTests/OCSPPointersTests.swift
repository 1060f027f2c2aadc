import Testing
import Trust

/// Where certificates say that their revocation can be asked for.
struct OCSPPointersTests {
    private func pointers(_ extensions: String) throws -> RevocationPointers {
        let root = try TestAuthority(subject: "/CN=Root")
        let issued = try root.issue(subject: "/CN=x", extensions: TestAuthority.signerUsage + "\n" + extensions)
        return try issued.certificate().revocationPointers
    }

    @Test func `distribution points and responders are read, other schemes than http are skipped`() throws {
        let pointers = try self.pointers(
            """
            crlDistributionPoints=a,b,c
            freshestCRL=URI:http://localhost/delta
            authorityInfoAccess=OCSP;URI:http://localhost/ocsp,OCSP;URI:ldap://localhost/,caIssuers;URI:http://localhost/ca
            [a]
            fullname=URI:ldap://localhost/cn=x,URI:http://localhost/a,URI:HTTP://localhost/b
            [b]
            fullname=URI:https://localhost/c
            [c]
            fullname=URI:http://localhost/indirect
            CRLissuer=dirName:lister
            [lister]
            CN=Lister
            """)
        #expect(
            pointers.lists.map(\.addresses) == [
                ["http://localhost/a", "HTTP://localhost/b"], ["http://localhost/indirect"], ["http://localhost/delta"],
            ])
        #expect(pointers.lists.map(\.signers.count) == [0, 1, 0])
        #expect(pointers.responders == ["http://localhost/ocsp"])
    }

    @Test func `a certificate without any has none`() throws {
        let pointers = try self.pointers("")
        #expect(pointers.lists.isEmpty && pointers.responders.isEmpty)
    }
}
