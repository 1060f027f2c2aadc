import Foundation
import Testing

extension TestAuthority {
    /// A certificate of this authority that is valid for a time of the test's choice, seconds since 1970.
    func issue(
        subject: String, extensions: String, from: Int64, until: Int64
    ) throws -> Issued {
        try Self.dated(subject: subject, extensions: extensions, issuer: self.own, from: from, until: until)
    }

    /// A self-signed authority with a time of the test's choice.
    static func root(subject: String, from: Int64, until: Int64) throws -> Issued {
        try Self.dated(subject: subject, extensions: Self.authorityUsage, issuer: nil, from: from, until: until)
    }

    /// `openssl ca`, which takes dates; `openssl req` only counts days from now.
    private static func dated(
        subject: String, extensions: String, issuer: Issued?, from: Int64, until: Int64
    ) throws -> Issued {
        let folder = try TemporaryFolder()
        let configuration = """
            [ca]
            default_ca=this
            [this]
            database=\(folder.file("index"))
            new_certs_dir=\(folder.path)
            rand_serial=yes
            default_md=sha256
            policy=any
            email_in_dn=no
            [any]
            commonName=supplied
            organizationName=optional
            serialNumber=optional
            [e]
            subjectKeyIdentifier=hash
            \(issuer == nil ? "" : "authorityKeyIdentifier=keyid:always\n")\(extensions)
            """
        try folder.write([], to: "index")
        try folder.write([UInt8](configuration.utf8), to: "config")
        try Tool.openssl(
            "req", "-new", "-config", "/dev/null", "-subj", subject, "-utf8", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder.file("key"), "-out", folder.file("request"))
        let signing =
            issuer.map { ["-cert", $0.certificateFile, "-keyfile", $0.keyFile] }
            ?? ["-selfsign", "-keyfile", folder.file("key")]
        let output = try Tool.run(
            [
                "openssl", "ca", "-batch", "-notext", "-config", folder.file("config"), "-extensions", "e", "-in",
                folder.file("request"), "-out", folder.file("crt"), "-startdate", self.text(from), "-enddate",
                self.text(until),
            ] + signing)
        try #require(output.succeeded, "openssl ca: \(output.errorText)")
        return Issued(folder: folder)
    }

    private static func text(_ seconds: Int64) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = "yyyyMMddHHmmss'Z'"
        return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
