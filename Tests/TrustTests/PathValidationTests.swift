import Foundation
import Gateway
import Testing
import Trust

/// RFC 5280 §6 on small paths of our own, in the manner of the public path-validation suites (NIST PKITS).
struct PathValidationTests {
    private static let leaf = TestAuthority.signerUsage

    @Test func `a path through two authorities is accepted and ends at the anchor`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let first = try TestAuthority(subject: "/CN=First", parent: root)
        let second = try TestAuthority(subject: "/CN=Second", parent: first)
        let signer = try second.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let verdict = try pathVerdict(signer, below: root, first, second)
        #expect(verdict.accepted, "\(verdict)")
        #expect(verdict.chain.map(\.commonName) == ["Signer", "Second", "First", "Root"])
    }

    @Test func `an intermediate authority configured as anchor starts no trust`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(subject: "/CN=Issuing", parent: root)
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let verifier = try CertificateVerifier(
            anchors: [issuing.own.certificate()], revocationLists: [issuing.revocationList(), root.revocationList()])
        #expect(verifier.verify(try signer.certificate(), purpose: .signer, at: now()).reason == .untrusted)
    }

    @Test func `a certificate whose issuer's name is right and whose key is not`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let other = try TestAuthority(subject: "/CN=Root")
        let signer = try other.issue(
            subject: "/CN=Signer", extensions: Self.leaf + "\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=none")
        let reason = try pathVerdict(signer, below: root).reason
        #expect(reason == .untrusted || reason == .badCertificateSignature || reason == .malformed)
    }

    @Test(arguments: [
        "keyUsage=critical,keyCertSign,cRLSign",
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign", "basicConstraints=critical,CA:TRUE",
    ])
    func `an issuer that is no authority`(extensions: String) throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(subject: "/CN=Issuing", parent: root, extensions: extensions)
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        let verdict = try pathVerdict(signer, below: root, issuing)
        #expect(verdict.chain.count == 3)
        #expect(verdict.reason == .notAnAuthority)
    }

    @Test func `basic constraints that are not critical make an intermediate an authority but no anchor`() throws {
        let extensions = "basicConstraints=CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign"
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(subject: "/CN=Issuing", parent: root, extensions: extensions)
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(signer, below: root, issuing).accepted)
        let loose = try TestAuthority(subject: "/CN=Loose", extensions: extensions)
        let other = try loose.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(other, below: loose).reason == .notAnAuthority)
    }

    @Test func `a path that is longer than an authority allows`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let first = try TestAuthority(
            subject: "/CN=First", parent: root,
            extensions: "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign")
        let second = try TestAuthority(subject: "/CN=Second", parent: first)
        let signer = try second.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(signer, below: root, first, second).reason == .notAnAuthority)
        let direct = try first.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(direct, below: root, first).accepted)
    }

    @Test(arguments: [
        ("permitted;dirName:n\n[n]\nO=Kommun", "/O=Kommun/CN=Signer", "", true),
        ("permitted;dirName:n\n[n]\nO=Kommun", "/O=Region/CN=Signer", "", false),
        ("excluded;dirName:n\n[n]\nO=Kommun", "/O=Kommun/CN=Signer", "", false),
        ("permitted;DNS:example.org", "/CN=Signer", "subjectAltName=DNS:a.example.org", true),
        ("permitted;DNS:example.org", "/CN=Signer", "subjectAltName=DNS:example.com", false),
        ("permitted;email:.example.org", "/CN=Signer", "subjectAltName=email:a@b.example.org", true),
        ("permitted;email:.example.org", "/CN=Signer", "subjectAltName=email:a@example.com", false),
        ("excluded;URI:.example.org", "/CN=Signer", "subjectAltName=URI:http://b.example.org/", false),
    ])
    func `names are held against an authority's constraints`(
        constraint: String, subject: String, alternative: String, isAccepted: Bool
    ) throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(
            subject: "/CN=Issuing", parent: root,
            extensions: "\(TestAuthority.authorityUsage)\nnameConstraints=critical,\(constraint)")
        let signer = try issuing.issue(subject: subject, extensions: "\(Self.leaf)\n\(alternative)")
        let verdict = try pathVerdict(signer, below: root, issuing)
        #expect(verdict.reason == (isAccepted ? nil : .nameConstraint), "\(verdict)")
    }

    @Test func `explicit policies are demanded, mapped and inhibited as the caller says`() throws {
        let asked = "1.2.3.4"
        let foreign = "1.2.3.5"
        let root = try TestAuthority(subject: "/CN=Root")
        func reason(authority: String, signer: String, _ change: (inout TrustPolicy) -> Void) throws -> RefusalReason? {
            let issuing = try TestAuthority(
                subject: "/CN=Issuing", parent: root, extensions: "\(TestAuthority.authorityUsage)\n\(authority)")
            let certificate = try issuing.issue(subject: "/CN=Signer", extensions: "\(Self.leaf)\n\(signer)")
            var policy = TrustPolicy()
            change(&policy)
            return try pathVerdict(certificate, below: root, issuing, policy: policy).reason
        }
        let has = "certificatePolicies=\(asked)"
        let hasForeign = "certificatePolicies=\(foreign)"
        let hasAny = "certificatePolicies=2.5.29.32.0"
        func only(_ policy: inout TrustPolicy) {
            policy.initialPolicies = [asked]
            policy.requiresExplicitPolicy = true
        }
        #expect(try reason(authority: "", signer: "") { _ in } == nil)
        #expect(try reason(authority: "", signer: "") { $0.requiresExplicitPolicy = true } == .policy)
        #expect(try reason(authority: has, signer: has) { $0.requiresExplicitPolicy = true } == nil)
        #expect(try reason(authority: has, signer: has, only) == nil)
        #expect(try reason(authority: hasForeign, signer: hasForeign, only) == .policy)
        #expect(try reason(authority: hasAny, signer: has, only) == nil)
        #expect(
            try reason(authority: hasAny, signer: has) {
                only(&$0)
                $0.inhibitsAnyPolicy = true
            } == .policy)
        let maps = "\(has)\npolicyMappings=critical,\(asked):\(foreign)"
        #expect(try reason(authority: maps, signer: hasForeign, only) == nil)
        #expect(
            try reason(authority: maps, signer: hasForeign) {
                only(&$0)
                $0.inhibitsPolicyMapping = true
            } == .policy)
        let demands = "\(hasForeign)\npolicyConstraints=critical,requireExplicitPolicy:0"
        #expect(try reason(authority: demands, signer: has) { _ in } == .policy)
    }

    @Test func `an unknown critical extension is refused and an unknown other one is not`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let critical = try root.issue(subject: "/CN=Signer", extensions: "\(Self.leaf)\n1.2.3.4.5=critical,DER:05:00")
        #expect(try pathVerdict(critical, below: root).reason == .criticalExtension)
        let other = try root.issue(subject: "/CN=Signer", extensions: "\(Self.leaf)\n1.2.3.4.5=DER:05:00")
        #expect(try pathVerdict(other, below: root).accepted)
    }

    @Test func `a version 1 certificate is no end entity`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        try Tool.openssl(
            "req", "-new", "-config", "/dev/null", "-subj", "/CN=Signer", "-key", signer.keyFile, "-out",
            signer.folder.file("request"))
        try Tool.openssl(
            "x509", "-req", "-in", signer.folder.file("request"), "-days", "3", "-CA", root.certificateFile, "-CAkey",
            root.own.keyFile, "-set_serial", "99", "-out", signer.certificateFile)
        let verdict = try pathVerdict(signer, below: root)
        #expect(verdict.reason == .wrongUsage)
    }

    @Test(arguments: [
        (["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], true), (["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], true),
        (["ec", "-pkeyopt", "ec_paramgen_curve:P-224"], false),
        (["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], false),
        (["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"], false),
        (["ed25519"], false),
    ])
    func `keys are accepted by their kind, not by their strength alone`(key: [String], isAccepted: Bool) throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: Self.leaf, key: key)
        #expect(try pathVerdict(signer, below: root).reason == (isAccepted ? nil : .weakAlgorithm))
    }

    @Test func `an authority below the floor spoils the path but the anchor's own signature does not matter`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let weak = try TestAuthority(
            subject: "/CN=Weak", parent: root, key: ["rsa", "-pkeyopt", "rsa_keygen_bits:1024"])
        let signer = try weak.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(signer, below: root, weak).reason == .weakAlgorithm)
        try Tool.openssl(
            "x509", "-in", root.certificateFile, "-signkey", root.own.keyFile, "-sha1", "-out", root.certificateFile,
            "-days", "30")
        let told = try Tool.openssl("x509", "-in", root.certificateFile, "-noout", "-text").text
        #expect(told.contains("ecdsa-with-SHA1"))
        let direct = try root.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(direct, below: root).accepted)
    }

    @Test(arguments: [
        ("extendedKeyUsage=emailProtection", true), ("extendedKeyUsage=anyExtendedKeyUsage", true), ("", true),
        ("keyUsage=critical,nonRepudiation", true), ("keyUsage=critical,keyAgreement", false),
        ("extendedKeyUsage=clientAuth", false), ("extendedKeyUsage=codeSigning,timeStamping", false),
    ])
    func `a signer's usage is what its extensions allow`(extensions: String, isAccepted: Bool) throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(subject: "/CN=Signer", extensions: extensions)
        #expect(try pathVerdict(signer, below: root).reason == (isAccepted ? nil : .wrongUsage))
    }

    @Test func `an authority's certificate signs messages only where its key usage says so, and is never a client`()
        throws
    {
        let root = try TestAuthority(subject: "/CN=Root")
        let usage = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign"
        let plain = try TestAuthority(subject: "/CN=Plain", parent: root)
        #expect(try pathVerdict(plain.own, below: root).reason == .wrongUsage)
        let both = try TestAuthority(subject: "/CN=Both", parent: root, extensions: "\(usage),digitalSignature")
        #expect(try pathVerdict(both.own, below: root).accepted)
        let client = try TestAuthority(
            subject: "/CN=Client", parent: root, extensions: "\(usage),digitalSignature\nextendedKeyUsage=clientAuth")
        let verdict = try root.verifier().verify(client.own.certificate(), purpose: .client, at: now())
        #expect(verdict.reason == .wrongUsage)
    }

    @Test func `an issuing authority that is limited to servers vouches for no signer`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(
            subject: "/CN=Issuing", parent: root,
            extensions: "\(TestAuthority.authorityUsage)\nextendedKeyUsage=serverAuth")
        let signer = try issuing.issue(subject: "/CN=Signer", extensions: Self.leaf)
        #expect(try pathVerdict(signer, below: root, issuing).reason == .wrongUsage)
    }

    @Test func `a client needs its extended key usage by name`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        for (usage, isAccepted) in [
            ("clientAuth", true), ("anyExtendedKeyUsage", false), ("serverAuth", false), ("", false),
        ] {
            let extensions = usage.isEmpty ? "" : "extendedKeyUsage=\(usage)"
            let client = try root.issue(subject: "/CN=Client", extensions: extensions)
            let verdict = try root.verifier().verify(client.certificate(), purpose: .client, at: now())
            #expect(verdict.reason == (isAccepted ? nil : .wrongUsage), "\(usage)")
        }
    }

    @Test func `two numbers in one subject name nobody`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let signer = try root.issue(
            subject: "/CN=Signer/serialNumber=162120009911/serialNumber=162120009929", extensions: Self.leaf)
        let holder = try #require(try pathVerdict(signer, below: root).holder)
        #expect(holder.subjectSerialNumber == nil)
        #expect(holder.organisation == nil)
    }
}
