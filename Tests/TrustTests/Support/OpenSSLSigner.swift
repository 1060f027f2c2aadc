import Foundation
import Testing

/// Makes signatures with the openssl command line, the way a party's own system might.
struct OpenSSLSigner {
    let certificateFile: String
    let keyFile: String
    /// The issuing authority, which goes into the message as well.
    private var chainFile: String?
    /// Keeps the files where they are.
    private var folder: TemporaryFolder?

    init(_ pki: DevelopmentPKI, _ credential: String) {
        self.chainFile = pki.path("intermediates/signers.pem")
        self.certificateFile = pki.path("\(credential).crt")
        self.keyFile = pki.path("\(credential).key")
    }

    init(_ issued: TestAuthority.Issued) {
        self.certificateFile = issued.certificateFile
        self.keyFile = issued.keyFile
        self.folder = issued.folder
    }

    /// A signature in DER over `content`; `-binary`, so over exactly these bytes.
    func sign(_ content: [UInt8], options: [String] = [], opaque: Bool = false) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let input = try folder.write(content, to: "content")
        let output = folder.file("signature")
        var arguments = [
            "openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in", input, "-out", output,
            "-signer", self.certificateFile, "-inkey", self.keyFile,
        ]
        if let chainFile { arguments += ["-certfile", chainFile] }
        if opaque { arguments.append("-nodetach") }
        let result = try Tool.run(arguments + options)
        try #require(result.succeeded, "openssl cms: \(result.errorText)")
        return try folder.read("signature")
    }
}

let exampleContent = [UInt8]("Content-Type: text/plain\r\n\r\nfråga\r\n".utf8)
