import ArgumentParser
import Foundation
import Trust

/// `certificates check DIR`: whether a set would be taken into use, by every role.
struct CertificatesCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Load a set as every role does; print what is wrong with it and what to look at.",
        discussion: "Changes nothing. Exit 1 when any role would refuse the set."
    )

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "The time to decide for: RFC 3339, or seconds since 1970; default now.") var at: String?
    @Argument(help: "A set, or the folder of all sets, of which the current one is checked.") var directory: String

    func validate() throws {
        if let at, TrustOptions.seconds(at) == nil {
            throw ValidationError("--at must be a time such as 2026-01-31T12:00:00Z")
        }
    }

    func run() async throws {
        let configuration = try await RoleSettings.load(self.options.config, isFileOptional: true).configuration
        let instant = self.at.flatMap(TrustOptions.seconds) ?? Int64(Date().timeIntervalSince1970)
        let results = [TrustRole.ingress, .worker, .correlator].map { role in
            RoleCheck(TrustSource(configuration, role: role, directory: self.directory), at: instant)
        }
        if self.json {
            try JSONOutput.write(SetReport(accepted: results.allSatisfy(\.accepted), roles: results))
        } else {
            for result in results { print(result.text) }
        }
        guard results.allSatisfy(\.accepted) else { throw ExitWith.no }
    }
}

/// What one role makes of a set.
private struct RoleCheck: Encodable {
    let role: String
    let accepted: Bool
    let set: Int?
    let problems: [String]
    let warnings: [String]

    init(_ source: TrustSource, at instant: Int64) {
        self.role = source.role.rawValue
        do throws(TrustSource.Refusal) {
            let snapshot = try source.load(at: instant)
            self.accepted = true
            self.set = snapshot.number
            self.problems = []
            self.warnings = snapshot.warnings.map { "\($0)" }
        } catch {
            self.accepted = false
            self.set = source.files.number
            self.problems = error.problems
            self.warnings = []
        }
    }

    var text: String {
        let name = self.set.map { " set \($0)" } ?? ""
        return
            (["\(self.role): \(self.accepted ? "would accept" : "would refuse")\(name)"]
            + self.problems.map { "  \($0)" } + self.warnings.map { "  warning: \($0)" }).joined(separator: "\n")
    }
}

/// What `certificates check --json` prints.
private struct SetReport: Encodable {
    let accepted: Bool
    let roles: [RoleCheck]
}
