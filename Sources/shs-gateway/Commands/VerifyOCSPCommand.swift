import ArgumentParser
import Foundation
import Trust

/// Says whether an OCSP response would be believed: `verify-ocsp RESPONSE`.
///
/// Without `--strict` it decides as `openssl ocsp -respin` does: who signed it, and whether he may. What the gateway
/// itself asks beyond that stands in the verdict as warnings.
struct VerifyOCSPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-ocsp",
        abstract: "Decide about one OCSP response; print one JSON verdict. Exit 1 when refused."
    )

    @Option(help: "Who may have issued the certificate, PEM; repeatable. Default: the certificates of --trust.")
    var issuer: [String] = []
    @Option(help: "Anchors, PEM; repeatable. An intermediate authority may be one.") var trust: [String] = []
    @Option(help: "The time to decide for: RFC 3339, or seconds since 1970; default now.") var at: String?
    @Option(help: "The certificate whose status is asked for, PEM; default whatever the response is about.")
    var certificate: String?
    @Option(help: "Revocation lists that a delegated responder is looked up in, PEM; repeatable.")
    var crl: [String] = []
    @Flag(help: "As the gateway decides: an answer out of date or a weak algorithm refuses.") var strict = false
    @Argument(help: "The response, DER.") var response: String

    func validate() throws {
        guard !self.trust.isEmpty else { throw ValidationError("--trust is needed at least once") }
        if let at, TrustOptions.seconds(at) == nil {
            throw ValidationError("--at must be a time such as 2026-01-31T12:00:00Z")
        }
    }

    func run() throws {
        guard let data = FileManager.default.contents(atPath: self.response) else {
            throw ExitWith.failure("\(self.response): not readable")
        }
        let trust = try self.trust.flatMap { try CertificateFile.list($0) }
        let issuers = try self.issuer.flatMap { try CertificateFile.list($0) }
        let verdict = OCSPVerifier.verify(
            [UInt8](data), about: try self.certificate.flatMap { try CertificateFile.list($0).first },
            issuers: issuers.isEmpty ? trust : issuers, trust: trust, revocationLists: try self.lists(),
            at: self.at.flatMap(TrustOptions.seconds) ?? Int64(Date().timeIntervalSince1970),
            policy: self.strict ? .strict : .authenticity)
        try JSONOutput.write(verdict)
        guard verdict.accepted else { throw ExitWith.no }
    }

    private func lists() throws -> [RevocationList] {
        do {
            return try self.crl.flatMap { path in
                try PEMFiles.bytes(path).flatMap { try RevocationList.list(pem: $0) }
            }
        } catch let error as LibCryptoError {
            throw ExitWith.failure("\(error)")
        }
    }
}
