import ArgumentParser
import Foundation
import Trust

/// Says whether an OCSP response would be believed: `verify-ocsp RESPONSE`.
///
/// The exit code answers one question, and the JSON all of them: `authentic`, `current`, `strong`, `usable` and `status`.
/// For now, an answer has to be authentic and current. With `--at` it has to be authentic: a response of the past is looked
/// at, as OpenSSL's own test cases do, most of which had run out at the time that they are decided for. `--strict` asks for
/// all that the gateway itself asks for.
struct VerifyOCSPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-ocsp",
        abstract: "Decide about one OCSP response; print one JSON verdict. Exit 1 when refused.",
        discussion: """
            Accepted is a response that is authentic: signed by the issuer, or by a delegate that the issuer itself named \
            for it, about a certificate of the issuer, with a path to an anchor. Without --at its answers must be current \
            as well: not from the future, not run out. With --at, which looks at a response of the past as OpenSSL's own \
            test cases do, and for weak algorithms always, what is wrong is a warning; --strict refuses for both.
            In the JSON: authentic, current and strong say how each check ended, usable whether the gateway would use the \
            answers at that time, status what they say.
            """
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
            policy: self.policy)
        try JSONOutput.write(OCSPReport(verdict))
        guard verdict.accepted else { throw ExitWith.no }
    }

    private var policy: OCSPPolicy {
        if self.strict { return .strict }
        var policy = OCSPPolicy.authenticity
        if self.at == nil { policy.outOfDate = .fail }
        return policy
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
