import ArgumentParser
import Foundation
import Gateway
import Logging
import Trust

/// `certificates rehearse`: what a candidate set would change, before it is used.
struct CertificatesRehearseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Try a candidate set on everybody who has shown a certificate lately, on all parties, and on itself.",
        discussion: """
            Changes nothing. The self-test shakes hands as the endpoint, makes a signature and checks it, and connects to \
            every configured base service and to the broker. Exit 1 when the candidate would be refused, when anyone who \
            gets through today would be cut off, or when the self-test fails.
            """
    )

    @OptionGroup var options: GlobalOptions
    @Option(help: "The candidate: a set with its manifest.") var candidate: String
    @Flag(help: "Print one JSON object.") var json = false
    @Flag(inversion: .prefixedNo, help: "Make the handshakes and connections of the self-test.") var selfTest = true

    func run() async throws {
        // What the self-test provokes is no news for the log.
        LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        let configuration = try await RoleSettings.load(self.options.config).configuration
        let now = Int64(Date().timeIntervalSince1970)
        let current = try Self.load(TrustSource(configuration, role: .all), "the set in use", at: now)
        let candidate = try Self.load(
            TrustSource(configuration, role: .all, directory: self.candidate), "the candidate", at: now)
        let shown = SeenCertificates(stateDirectory: configuration.files.state).all()
        let rehearsal = Rehearsal(current: current, candidate: candidate, shown: shown, at: now)
        let tests = self.selfTest ? await SelfTest(configuration, candidate, in: self.candidate, at: now).run() : []
        let report = RehearsalReport(
            current: current.number, candidate: candidate.number, warnings: candidate.warnings.map { "\($0)" },
            parties: rehearsal.entries, selfTest: tests)
        if self.json { try JSONOutput.write(report) } else { print(report.text) }
        guard report.passes else { throw ExitWith.no }
    }

    private static func load(
        _ source: TrustSource, _ name: String, at instant: Int64
    ) throws -> TrustSnapshot {
        do throws(TrustSource.Refusal) {
            return try source.load(at: instant)
        } catch {
            throw ExitWith.no("\(name) would be refused:\n" + error.problems.map { "  \($0)" }.joined(separator: "\n"))
        }
    }
}

/// What a rehearsal found, for people and for machines.
struct RehearsalReport: Encodable {
    let current: Int
    let candidate: Int
    let warnings: [String]
    let parties: [Rehearsal.Entry]
    let selfTest: [SelfTest.Result]

    var passes: Bool { !self.parties.contains(where: \.isCutOff) && self.selfTest.allSatisfy(\.isGood) }

    private enum CodingKeys: String, CodingKey { case current, candidate, passes, warnings, parties, selfTest }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.current, forKey: .current)
        try values.encode(self.candidate, forKey: .candidate)
        try values.encode(self.passes, forKey: .passes)
        try values.encode(self.warnings, forKey: .warnings)
        try values.encode(self.parties, forKey: .parties)
        try values.encode(self.selfTest, forKey: .selfTest)
    }

    var text: String {
        var lines = ["set \(self.candidate) against set \(self.current), which is in use", ""]
        for entry in self.parties {
            let name = entry.organisation.map { "\(entry.name) (\($0))" } ?? entry.name
            lines.append("\(entry.isCutOff ? "CUT OFF  " : "ok       ")\(name)\(Self.note(on: entry))")
            for outcome in entry.outcomes {
                var line = "           \(outcome.purpose.rawValue): \(outcome.change.rawValue)"
                if let reason = outcome.reason { line += ", \(reason)" }
                line += ", \(outcome.daysLeft) days left"
                if outcome.daysLeft < Rehearsal.soon { line += " (soon)" }
                lines.append(line + ", \(outcome.subject)")
            }
        }
        lines.append("")
        for test in self.selfTest {
            lines.append("\(test.isGood ? "ok       " : "FAILED   ")\(test.name)\(test.reason.map { ": \($0)" } ?? "")")
        }
        lines += self.warnings.map { "warning  \($0)" }
        lines.append(self.passes ? "The candidate cuts nobody off." : "Do not use the candidate.")
        return lines.joined(separator: "\n")
    }

    private static func note(on entry: Rehearsal.Entry) -> String {
        if entry.isRemoved { return ": no longer registered" }
        return entry.isUnseen ? ": has shown no certificate lately" : ""
    }
}
