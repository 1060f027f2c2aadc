import Foundation
import Gateway
import Testing
import Trust

/// Answers with `openssl ocsp`, as an authority's responder might.
struct OCSPResponder {
    /// Who issued the certificates that are asked about.
    let authority: TestAuthority
    /// Who signs; the authority itself unless given.
    var signer: TestAuthority.Issued?
    /// `-sha256` and the like for the certificate identifiers; openssl's own default is SHA-1.
    var identifierDigest = "sha1"
    var signatureDigest = "sha256"
    /// Days until the answer runs out; nil leaves the end out.
    var days: Int? = 1
    /// Other issuers' certificates to ask about as well.
    var further: [TestAuthority.Issued] = []

    /// A response in DER.
    ///
    /// Certificates that are neither known nor revoked get the answer `unknown`.
    func response(
        about certificate: TestAuthority.Issued, known: Bool = true, revoked: Bool = false
    ) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let asked = [certificate] + self.further
        let entries = try asked.map { issued -> String in
            let serial = try issued.certificate().identity.serialNumber
            return revoked
                ? "R\t391231235959Z\t250101000000Z,keyCompromise\t\(serial)\tunknown\t/CN=\(serial)\n"
                : "V\t391231235959Z\t\t\(serial)\tunknown\t/CN=\(serial)\n"
        }
        try folder.write([UInt8]((known ? entries.joined() : "").utf8), to: "index")
        let signer = self.signer ?? self.authority.own
        var arguments = [
            "openssl", "ocsp", "-index", folder.file("index"), "-CA", self.authority.certificateFile,
            "-rsigner", signer.certificateFile, "-rkey", signer.keyFile, "-rmd", self.signatureDigest, "-noverify",
            "-no_nonce", "-respout", folder.file("response"), "-issuer", self.authority.certificateFile,
        ]
        for issued in asked { arguments += ["-\(self.identifierDigest)", "-cert", issued.certificateFile] }
        if let days { arguments += ["-ndays", "\(days)"] }
        let output = try Tool.run(arguments)
        try #require(output.succeeded, "openssl ocsp: \(output.errorText)")
        return try folder.read("response")
    }
}
