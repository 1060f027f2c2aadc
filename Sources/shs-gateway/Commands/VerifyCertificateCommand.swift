import ArgumentParser
import Trust

/// Says whether a certificate would be accepted for a purpose: `verify-certificate CERT`.
struct VerifyCertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-certificate",
        abstract: "Decide about one certificate; print one JSON verdict. Exit 1 when refused."
    )

    @OptionGroup var trust: TrustOptions
    @Option(help: "signer, client or server.") var purpose: CertificatePurpose
    @Option(help: "Certificates that help to build the path, PEM; repeatable.") var intermediates: [String] = []
    @Argument(help: "The certificate, PEM or DER; further ones in the file count as intermediates.") var certificate:
        String

    func validate() throws {
        guard !self.trust.trust.isEmpty else { throw ValidationError("--trust is needed at least once") }
    }

    func run() throws {
        let certificates = try CertificateFile.list(self.certificate)
        guard let certificate = certificates.first else {
            throw ExitWith.failure("\(self.certificate): no certificate")
        }
        let helpers = try self.intermediates.flatMap { try CertificateFile.list($0) }
        let verdict = try self.trust.verifier().verify(
            certificate, intermediates: certificates.dropFirst() + helpers, purpose: self.purpose,
            at: self.trust.instant)
        try JSONOutput.write(verdict)
        guard verdict.accepted else { throw ExitWith.no }
    }
}

extension CertificatePurpose: ExpressibleByArgument {}
