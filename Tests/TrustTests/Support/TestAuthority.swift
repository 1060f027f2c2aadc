import Foundation
import Gateway
import Testing
import Trust

/// A certificate authority of a test: issues with the openssl command line whatever the test asks for.
final class TestAuthority {
    /// A certificate with the files of its key.
    struct Issued {
        let folder: TemporaryFolder
        var certificateFile: String { self.folder.file("crt") }
        var keyFile: String { self.folder.file("key") }
        var signer: OpenSSLSigner { OpenSSLSigner(self) }

        func certificate() throws -> Certificate {
            try #require(try Certificate.list(pem: self.folder.read("crt")).first)
        }
        func der() throws -> [UInt8] {
            try Tool.openssl("x509", "-in", self.certificateFile, "-outform", "DER").standardOutput
        }
    }

    static let signerUsage = "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection"
    static let authorityUsage = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign"

    let own: Issued
    private let parent: TestAuthority?
    private var revoked: [String] = []

    var certificateFile: String { self.own.certificateFile }

    /// A root, or an authority below `parent`.
    init(
        subject: String, parent: TestAuthority? = nil, extensions: String = TestAuthority.authorityUsage,
        key: [String] = TestAuthority.p256, keyOf other: Issued? = nil
    ) throws {
        self.parent = parent
        if let parent {
            self.own = try parent.issue(subject: subject, extensions: extensions, key: key, keyOf: other)
        } else {
            self.own = try Self.make(
                subject: subject, serial: nil, extensions: extensions, issuer: nil, key: key, keyOf: other,
                digest: "sha256")
        }
    }

    static let p256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    static let rsa2048 = ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"]

    func issue(
        subject: String, serial: String? = nil, extensions: String, key: [String] = TestAuthority.p256,
        keyOf other: Issued? = nil, digest: String = "sha256"
    ) throws -> Issued {
        try Self.make(
            subject: subject, serial: serial, extensions: extensions, issuer: self.own, key: key, keyOf: other,
            digest: digest)
    }

    private static func make(
        subject: String, serial: String?, extensions: String, issuer: Issued?, key: [String], keyOf other: Issued?,
        digest: String
    ) throws -> Issued {
        let folder = try TemporaryFolder()
        // A test that gives its own key identifiers gets no others.
        let identifiers =
            extensions.contains("subjectKeyIdentifier")
            ? "" : "subjectKeyIdentifier=hash\n" + (issuer == nil ? "" : "authorityKeyIdentifier=keyid:always\n")
        let configuration = "[req]\ndistinguished_name=d\n[d]\n[e]\n\(identifiers)\(extensions)\n"
        var arguments = [
            "openssl", "req", "-x509", "-new", "-config", try folder.write([UInt8](configuration.utf8), to: "config"),
            "-extensions", "e", "-subj", subject, "-utf8", "-days", "30", "-\(digest)", "-out", folder.file("crt"),
            "-set_serial", serial.map { "0x\($0)" } ?? "\(UInt32.random(in: 1...UInt32.max))",
        ]
        if let other {
            try folder.write(other.folder.read("key"), to: "key")
            arguments += ["-key", folder.file("key")]
        } else {
            arguments += ["-newkey"] + key + ["-nodes", "-keyout", folder.file("key")]
        }
        if let issuer { arguments += ["-CA", issuer.certificateFile, "-CAkey", issuer.keyFile] }
        let output = try Tool.run(arguments)
        try #require(output.succeeded, "openssl req: \(output.errorText)")
        return Issued(folder: folder)
    }

    func revoke(_ certificate: Issued) throws {
        self.revoked.append(try certificate.certificate().identity.serialNumber)
    }

    /// The authority's list; `extensions` are further lines of openssl configuration.
    func revocationList(
        number: Int = 1, extensions: String = "", revoking: [String]? = nil, digest: String = "sha256", days: Int = 7
    ) throws -> RevocationList {
        let pem = try self.revocationListPEM(
            number: number, extensions: extensions, revoking: revoking, digest: digest, days: days)
        return try #require(try RevocationList.list(pem: pem).first)
    }

    func revocationListPEM(
        number: Int = 1, extensions: String = "", revoking: [String]? = nil, digest: String = "sha256", days: Int = 7,
        options: [String] = []
    ) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let entries = (revoking ?? self.revoked).map {
            "R\t301231235959Z\t250101000000Z,keyCompromise\t\($0)\tunknown\t/CN=x\n"
        }
        try folder.write([UInt8](entries.joined().utf8), to: "index")
        try folder.write([UInt8](String(format: "%02X", number).utf8), to: "number")
        let configuration = """
            [ca]
            default_ca=this
            [this]
            database=\(folder.file("index"))
            crlnumber=\(folder.file("number"))
            default_md=\(digest)
            default_crl_days=\(days)
            crl_extensions=e
            [e]
            authorityKeyIdentifier=keyid:always
            \(extensions)
            """
        try folder.write([UInt8](configuration.utf8), to: "config")
        let output = try Tool.run(
            [
                "openssl", "ca", "-gencrl", "-config", folder.file("config"), "-cert", self.own.certificateFile,
                "-keyfile", self.own.keyFile, "-out", folder.file("crl"),
            ] + options)
        try #require(output.succeeded, "openssl ca: \(output.errorText)")
        return try folder.read("crl")
    }

    /// A verifier that trusts this authority, with its list and those given.
    func verifier(
        intermediates: [TestAuthority] = [], further: [RevocationList] = [], policy: TrustPolicy = TrustPolicy()
    ) throws -> CertificateVerifier {
        try CertificateVerifier(
            anchors: [self.own.certificate()], intermediates: intermediates.map { try $0.own.certificate() },
            revocationLists: [self.revocationList()] + intermediates.map { try $0.revocationList() } + further,
            policy: policy)
    }
}

/// Verifies an end entity below `authorities`, the first of which is the anchor; all have their lists.
func pathVerdict(
    _ certificate: TestAuthority.Issued, below authorities: TestAuthority..., further: [RevocationList] = [],
    policy: TrustPolicy = TrustPolicy()
) throws -> CertificateVerdict {
    let verifier = try authorities[0].verifier(
        intermediates: Array(authorities.dropFirst()), further: further, policy: policy)
    return verifier.verify(try certificate.certificate(), purpose: .signer, at: now())
}
