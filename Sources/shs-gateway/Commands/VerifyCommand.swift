import ArgumentParser
import Foundation
import Gateway
import SHS
import Trust

/// Says whether the ingress would accept a message's signature: `verify FILE`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Decide about a signed message as the ingress does; print one JSON verdict. Exit 1 when refused.",
        discussion: "With --trust the given anchors decide, else the configured certificates and parties."
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var trust: TrustOptions
    @Option(help: "The organisation number that the signer must act for; needs the party register.") var party: String?
    @Argument(help: "A message with its MIME headers.") var file: String

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: self.file) else {
            throw ExitWith.failure("\(self.file): not readable")
        }
        let configuration = try await RoleSettings.load(self.options.config, isFileOptional: true).configuration
        let form: SignedEntity.Form
        do throws(Fault) {
            form = try SignedEntity.read(
                contentType: "message/rfc822", body: [UInt8](data), limits: configuration.limits)
        } catch {
            try JSONOutput.write(StructureVerdict(reason: error.rawValue))
            throw ExitWith.no
        }
        let outcome = try self.decide(about: form, configuration)
        if let refusal = try self.objection(to: outcome, configuration) {
            try JSONOutput.write(StructureVerdict(reason: refusal.rawValue, signer: outcome.verdict.signer))
            throw ExitWith.no
        }
        try JSONOutput.write(outcome.verdict)
        guard outcome.verdict.accepted else { throw ExitWith.no }
    }

    private func decide(
        about form: SignedEntity.Form, _ configuration: GatewayConfiguration
    ) throws -> CMSVerifier.Outcome {
        let instant = self.trust.instant
        guard self.trust.trust.isEmpty else {
            return CMSVerifier(certificates: try self.trust.verifier(configuration.trust)).verify(form, at: instant)
        }
        do throws(TrustSource.Refusal) {
            return try TrustSource(configuration, role: .ingress).load(at: instant).outcome(of: form, at: instant)
        } catch {
            throw ExitWith.failure(error.problems.joined(separator: "\n"))
        }
    }

    /// What the party register says against an accepted signer.
    private func objection(
        to outcome: CMSVerifier.Outcome, _ configuration: GatewayConfiguration
    ) throws -> Fault? {
        guard let party = self.party, outcome.verdict.accepted, let signer = outcome.verdict.signer else { return nil }
        // With trust of its own on the command line there need be no register; one that is there has to be readable.
        if let registered = try configuration.files.register()?.party(party) {
            return registered.signs(with: signer, at: self.trust.instant) ? nil : .signerOfAnotherParty
        }
        // Then the certificate alone says whose it is.
        guard !self.trust.trust.isEmpty else { return .unknownParty }
        return Party(organisation: party, name: "").signs(with: signer, at: self.trust.instant)
            ? nil : .signerOfAnotherParty
    }
}

/// A refusal that is not about cryptography, in the same form.
private struct StructureVerdict: Encodable {
    let accepted = false
    let reason: String
    var signer: CertificateIdentity?
    let chain: [CertificateIdentity] = []

    private enum CodingKeys: String, CodingKey { case accepted, reason, signer, chain }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.accepted, forKey: .accepted)
        try values.encode(self.reason, forKey: .reason)
        try values.encode(self.signer, forKey: .signer)
        try values.encode(self.chain, forKey: .chain)
    }
}
