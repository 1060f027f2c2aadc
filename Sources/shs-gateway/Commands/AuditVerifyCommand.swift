import ArgumentParser
import Audit
import Foundation
import Gateway
import Trust

/// `audit verify`: whether the record is what the roles have written, all of it and in its order.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find every entry of the record that was changed, removed or reordered.",
        discussion: "Exit 1 when anything is not as it was written. May be run beside the roles, or on a copy."
    )

    @OptionGroup var options: GlobalOptions
    @Option(help: "A folder with a record, in place of the configured one.") var directory: String?
    @Option(help: "Anchors of those who may seal it, PEM; else anchors/records.pem of the set of certificates in use.")
    var trust: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let configuration = try await RoleSettings.load(self.options.config).configuration
        var audit = configuration.audit
        if let directory { audit.directory = directory }
        let seals = try self.seals(configuration)
        let report: RecordReport
        do {
            report = try RecordVerifier.verify(audit, seals: seals, at: SystemClock().now())
        } catch {
            throw ExitWith.failure("\(audit.directory): there is no record, or it cannot be read")
        }
        if self.json { try JSONOutput.write(report) } else { Self.show(report) }
        guard report.isSound else { throw ExitWith.no }
    }

    private func seals(_ configuration: GatewayConfiguration) throws -> AnchoredSeals {
        let sets = configuration.files.certificates
        guard let file = self.trust ?? (try? CertificateSetLocation(in: sets)).map({ $0.path + "/anchors/records.pem" })
        else { throw ExitWith.failure("\(sets): there is no set; name the anchors by --trust") }
        guard let pem = FileManager.default.contents(atPath: file) else {
            throw ExitWith.failure("\(file): cannot be read; it says who may seal the record")
        }
        do throws(LibCryptoError) {
            return AnchoredSeals(
                verifier: CMSVerifier(
                    certificates: try CertificateVerifier(
                        anchors: try Certificate.list(pem: [UInt8](pem)), revocationLists: [],
                        policy: TrustSnapshot.recordPolicy(configuration.trust))))
        } catch {
            throw ExitWith.failure("\(file): \(error)")
        }
    }

    private static func show(_ report: RecordReport) {
        for finding in report.findings {
            let line = finding.line.map { $0 > 0 ? ":\($0)" : "" } ?? ""
            print("\(finding.role)/\(finding.file)\(line): \(finding.kind.rawValue): \(finding.text)")
        }
        for remark in report.remarks { print("note: \(remark)") }
        print(
            "\(report.entries) record entries in \(report.files) files of \(report.roles.count) roles, "
                + "\(report.seals) seals, \(report.removed) files removed after their time; "
                + "audit verify: \(report.isSound ? "ok" : "\(report.findings.count) findings")")
    }
}

/// Believes the seals of whoever has a certificate that leads to one of the anchors.
private struct AnchoredSeals: SealVerifying {
    let verifier: CMSVerifier

    func signer(of signature: [UInt8], over bytes: [UInt8], at instant: Int64) -> String? {
        self.verifier.verify(signature: signature, over: bytes, at: instant).content?.signer.subject
    }
}
