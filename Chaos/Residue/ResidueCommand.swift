package import ArgumentParser
import Foundation

/// `residue`: after traffic, looks everywhere for what was said, and tries all keys that still exist on what lies on the broker's disk.
package struct ResidueCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "residue",
        abstract: "Look for what was said in files, memory and swap after traffic; must be root.")

    @Option(help: "File of KEY=VALUE lines: the keys of .run/up.env.")
    var environment: String
    @Option(help: "Folder with one <role>.pid for each process.")
    var processes: String
    @Option(help: "The keyring's folder.")
    var keyring: String
    @Option(help: "Folders to search besides the broker's data and the logs; repeatable.")
    var folder: [String] = []
    @Option(
        help: "Folders of the machine's, in which only files that changed since the traffic are searched; repeatable.")
    var shared: [String] = []
    @Option(help: "Persons to ask about.")
    var persons = 200
    @Option(
        help:
            "Seconds after the traffic before it is searched: idle connections keep their last message until they are closed."
    )
    var rest = 70
    @Option(help: "Seconds to wait for the end of the traffic's epochs.")
    var patience = 240
    @Option(help: "Write the page as JSON here.")
    var json: String?

    /// They have the answers because they make them, and are no part of the gateway.
    private static let outside: Set = ["simulate"]

    package init() {}

    package func run() async throws {
        let values = try Self.values(self.environment)
        let broker = values["SHS_BROKER_DATA"] ?? ""
        let folders = [broker, values["SHS_LOGS"] ?? ""] + self.folder
        var page = ResiduePage()

        page.controlsMissed = try ResidueControl.missed(below: NSTemporaryDirectory())
        Self.say(
            "control: \(page.controlsMissed.isEmpty ? "every planted marker was found" : "NOT found: \(page.controlsMissed)")"
        )

        let traffic = try ResidueTraffic(values)
        let start = Date()
        let before = SealedRemains.keys(in: self.keyring)
        let outcome = try await traffic.run(persons: self.persons)
        (page.sent, page.answered) = (outcome.sent, outcome.answered)
        Self.say(
            "\(page.sent) messages about \(self.persons) persons, \(page.answered) answered; "
                + "\(outcome.needles.count) things said")

        let remains = SealedRemains(on: broker)
        let keys = before + SealedRemains.keys(in: self.keyring)
        page.sealed = remains.count
        page.openableBefore = remains.opened(by: keys, questions: 3)
        Self.say("\(page.sealed) sealed messages on the broker's disk; their keys open \(page.openableBefore)")

        try await Task.sleep(for: .seconds(self.rest))
        let pids = try Self.pids(self.processes).filter { !Self.outside.contains($0.role) }
        // Sentences that stand in the program itself, since it has the simulators too, tell nobody apart.
        let program = pids.first { $0.role == "ingress" }
            .flatMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0.pid)/exe") }
        let needles = ResidueSearch(for: outcome.needles).needles(notIn: program ?? "")
        page.needles = needles.count
        let search = ResidueSearch(for: needles)
        page.files = search.files(in: folders)
        page.files.add(search.files(in: self.shared, changed: start))
        Self.say("files: \(page.files.line)")
        for (role, pid) in pids {
            let found = try ProcessMemory(of: pid).search(search, named: role)
            page.memory[role] = found
            Self.say("memory of \(role): \(found.line)")
        }
        page.swap = Swap.search(search)
        Self.say("swap: \(page.swap?.line ?? "none on this machine")")
        await traffic.end()

        let old = Set(keys.map(\.name))
        let deadline = ContinuousClock.now + .seconds(self.patience)
        while !old.isDisjoint(with: SealedRemains.keys(in: self.keyring).map(\.name)), ContinuousClock.now < deadline {
            try await Task.sleep(for: .seconds(1))
        }
        let left = SealedRemains.keys(in: self.keyring)
        page.keysLeft = old.intersection(left.map(\.name)).count
        let now = SealedRemains(on: broker)
        page.openableAfter = remains.union(now).opened(by: left, questions: 3)
        Self.say(
            "after their epochs: \(page.keysLeft) of \(old.count) old keys exist; all \(left.count) keys open \(page.openableAfter)"
        )
        try self.end(page)
    }

    private func end(_ page: ResiduePage) throws {
        for finding in page.findings.prefix(40) {
            Self.say("  \(finding.place) at \(String(finding.offset, radix: 16)): \(finding.needle), \(finding.form)")
        }
        Self.say(
            page.isClean ? "residue: 0 findings in all places" : "residue: NOT clean, \(page.findings.count) findings")
        if let json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(page).write(to: URL(filePath: json))
        }
        guard page.isClean else { throw ExitCode(1) }
    }

    /// At once, also into a pipe.
    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// Quotes around a value are dropped.
    private static func values(_ file: String) throws -> [String: String] {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        let pairs = lines.compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return (String(parts[0]), parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "'\"")))
        }
        return Dictionary(pairs) { $1 }
    }

    private static func pids(_ folder: String) throws -> [(role: String, pid: Int32)] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
            let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            guard name.hasSuffix(".pid"),
                let pid = text.flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
            else { return nil }
            return (String(name.dropLast(4)), pid)
        }
    }
}
