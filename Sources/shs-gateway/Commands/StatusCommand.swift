import ArgumentParser
import Foundation
import Gateway

/// `status`: which certificates every process of this machine runs.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which set of certificates every running process has in force, and what it refused.",
        discussion:
            "Exit 1 when no process runs, or when one could not take the set on disk into use, or has lost a key in a token."
    )

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let files = try await RoleSettings.load(self.options.config).configuration.files
        let processes = ProcessFolder(files).live()
        if self.json {
            try JSONOutput.write(StatusReport(processes: processes))
        } else {
            Self.show(processes)
        }
        guard !processes.isEmpty, processes.allSatisfy({ $0.lastRefusal == nil && $0.lostKeys == nil }) else {
            throw ExitWith.no
        }
    }

    private static func show(_ processes: [ProcessState]) {
        guard !processes.isEmpty else { return print("no process runs") }
        let rows = processes.map { process in
            [
                process.role, "\(process.pid)", "\(process.set)", "\(process.generation)", process.since,
                process.lastRefusal.map { refusal in
                    (refusal.set.map { "set \($0) " } ?? "") + "refused \(refusal.at)"
                } ?? "-",
            ]
        }
        print(TextTable.text([["ROLE", "PID", "SET", "GENERATION", "SINCE", "REFUSAL"]] + rows))
        let lists = processes.flatMap { process in
            (process.revocation?.lists ?? []).map { list in
                [
                    process.role, "\(process.pid)", list.stage, list.nextUpdate ?? "-", list.file ?? "fetched",
                    list.issuer + (list.isDelta ? " (delta)" : ""),
                ]
            }
        }
        if !lists.isEmpty {
            print("\n" + TextTable.text([["ROLE", "PID", "LIST", "UNTIL", "FROM", "ISSUER"]] + lists))
        }
        for process in processes {
            let answers = (process.revocation?.answers ?? [:]).sorted { $0.key < $1.key }.map {
                "\($0.value) \($0.key)"
            }
            if !answers.isEmpty {
                print("\(process.role) \(process.pid): OCSP answers: \(answers.joined(separator: ", "))")
            }
        }
        for process in processes {
            for problem in process.lastRefusal?.problems ?? [] { print("\(process.role) \(process.pid): \(problem)") }
            for key in process.lostKeys ?? [] { print("\(process.role) \(process.pid): \(key)") }
            for (provider, state) in (process.heldBack ?? [:]).sorted(by: { $0.key < $1.key }) {
                print("\(process.role) \(process.pid): \(provider) is held back, its circuit breaker is \(state)")
            }
            for warning in process.warnings { print("\(process.role) \(process.pid): warning: \(warning)") }
        }
    }
}

/// What `status --json` prints.
private struct StatusReport: Encodable {
    let processes: [ProcessState]
}

/// Columns of equal width, two blanks between them.
enum TextTable {
    static func text(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, text in
                column == row.count - 1 ? text : text + String(repeating: " ", count: widths[column] - text.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
