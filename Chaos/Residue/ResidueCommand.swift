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
    @Option(help: "Folders to search, the broker's among them, besides the logs; repeatable.")
    var folder: [String] = []
    @Option(
        help: "Folders of the machine's, in which only files that changed since the traffic are searched; repeatable.")
    var shared: [String] = []
    @Option(help: "Persons to ask about.")
    var persons = 200
    @Option(help: "When memory is searched, after the last answer: the processes' memory.erasedWithin, as 2s or 500ms.")
    var erasedWithin: String
    @Option(help: "Seconds to wait for the end of the traffic's epochs.")
    var patience = 240
    @Option(help: "Write the page as JSON here.")
    var json: String?

    /// They have the answers because they make them, and are no part of the gateway.
    private static let outside: Set = ["simulate"]

    package init() {}

    package func run() async throws {
        guard let promise = Self.duration(self.erasedWithin) else {
            throw ValidationError("--erased-within \(self.erasedWithin) is no time as 2s or 500ms")
        }
        let values = try Self.values(self.environment)
        let broker = values["SHS_BROKER_DATA"] ?? ""
        let folders = [values["SHS_LOGS"] ?? ""] + self.folder
        var page = ResiduePage()

        page.controlsMissed = try ResidueControl.missed(below: NSTemporaryDirectory())
        Self.say(
            "control: "
                + (page.controlsMissed.isEmpty
                    ? "every planted marker was found, in all forms, in files, packed, and in another process's memory"
                    : "NOT found: \(page.controlsMissed)")
        )

        let traffic = try ResidueTraffic(values)
        let start = Date()
        let before = SealedRemains.keys(in: self.keyring)
        let outcome = try await traffic.run(persons: self.persons)
        let end = ContinuousClock.now
        let pids = try Self.pids(self.processes).filter { !Self.outside.contains($0.role) }
        try await Task.sleep(until: end + promise)
        // What is searched last is to be as it was at the same moment. The client still holds its connections.
        let frozen = FrozenProcesses(pids.map(\.pid))
        page.millisecondsAfterAnswer = Int(end.duration(to: .now) / .milliseconds(1))
        let (keys, remains) = (before + SealedRemains.keys(in: self.keyring), SealedRemains(on: broker))
        // Sentences that stand in the program itself, since it has the simulators too, tell nobody apart.
        let program = pids.first { $0.role == "ingress" }
            .flatMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0.pid)/exe") }
        let needles = ResidueSearch(for: outcome.needles).needles(notIn: program ?? "")
        let search = ResidueSearch(for: needles)
        (page.sent, page.answered) = (outcome.sent, outcome.answered)
        (page.needles, page.patterns) = (needles.count, search.patternCount)
        Self.say(
            "traffic: \(page.sent) messages about \(self.persons) persons, \(page.answered) answered; "
                + "\(page.needles) things said, looked for as \(page.patterns) patterns")
        Self.say("memory, \(page.millisecondsAfterAnswer) ms after the last answer, with its connections still open:")
        for (role, pid) in pids {
            let found = try ProcessMemory(of: pid).search(search, named: role)
            page.memory[role] = found
            Self.say("  \(role): \(found.line)")
        }
        frozen.thaw()
        page.swap = try Swap.search(search)
        Self.say("swap: \(page.swap?.line ?? "none on this machine")")
        page.files = search.files(in: folders)
        Self.say("files of the broker and of all roles: \(page.files.line)")
        page.shared = search.files(in: self.shared, changed: start)
        Self.say("files in \(self.shared.joined(separator: " and ")), changed since: \(page.shared.line)")
        await traffic.end()

        page.sealed = remains.count
        page.openableBefore = remains.opened(by: keys, questions: 3)
        Self.say("\(page.sealed) sealed messages on the broker's disk; their keys opened \(page.openableBefore)")
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

    /// As the configuration writes times.
    private static func duration(_ text: String) -> Duration? {
        if text.hasSuffix("ms") { return Int(text.dropLast(2)).map { .milliseconds($0) } }
        return text.hasSuffix("s") ? Int(text.dropLast()).map { .seconds($0) } : nil
    }

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
