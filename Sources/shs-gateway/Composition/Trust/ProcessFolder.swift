import Foundation
import Gateway
import Trust

/// The folder in which every process keeps one file that says which certificates it runs.
///
/// Processes in several containers and on several machines may share it: of those that are numbered where we are, the kernel
/// says whether they live; of others the age of their file does.
struct ProcessFolder {
    let path: String
    /// Where we are.
    let place: ProcessPlace
    /// Age at which a file from elsewhere is taken for left behind.
    private let staleAfter: Duration

    init(_ files: FilesConfiguration, place: ProcessPlace = .here) {
        self.path = "\(files.state)/processes"
        self.place = place
        self.staleAfter = files.staleAfter
    }

    /// Writes a process's own file; a reader sees the old one or the new one.
    func write(_ state: ProcessState) throws {
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(state).write(to: URL(fileURLWithPath: self.file(of: state)), options: .atomic)
    }

    func remove(_ state: ProcessState) { try? FileManager.default.removeItem(atPath: self.file(of: state)) }

    /// Shows others that the process lives; false when its file is gone.
    func refresh(_ state: ProcessState, now: Date = Date()) -> Bool {
        let file = self.file(of: state)
        guard let age = Self.age(of: file, at: now) else { return false }
        if age > self.staleAfter / 4 || age < .zero {
            try? FileManager.default.setAttributes([.modificationDate: now], ofItemAtPath: file)
        }
        return true
    }

    /// The processes that live, by role and pid; files of others are removed.
    func live(now: Date = Date()) -> [ProcessState] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []
        return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.compactMap { name in
            let file = "\(self.path)/\(name)"
            guard let data = FileManager.default.contents(atPath: file),
                let state = try? JSONDecoder().decode(ProcessState.self, from: data)
            else { return nil }
            if self.lives(state, file: file, now: now) { return state }
            try? FileManager.default.removeItem(atPath: file)
            return nil
        }.sorted { ($0.role, $0.pid) < ($1.role, $1.pid) }
    }

    private func lives(_ state: ProcessState, file: String, now: Date) -> Bool {
        if state.place == self.place { return Self.startTicks(of: state.pid) == state.startTicks }
        return Self.age(of: file, at: now).map { $0 < self.staleAfter } ?? false
    }

    /// Since it was last written or refreshed; nil when there is no such file.
    private static func age(of file: String, at now: Date) -> Duration? {
        FileMark(path: file).map { .seconds(now.timeIntervalSince1970) - .nanoseconds($0.modified) }
    }

    /// When a process began (proc(5), field 22 of `stat`); nil when there is none with this number.
    static func startTicks(of pid: Int32) -> UInt64? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        // The second field is a name in parentheses, which may hold anything.
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }

    private func file(of state: ProcessState) -> String { "\(self.path)/\(state.fileName)" }
}

extension ProcessPlace {
    /// Where this process runs (random(4), namespaces(7)).
    static let here: ProcessPlace = {
        let boot = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
        return ProcessPlace(
            host: ProcessInfo.processInfo.hostName,
            boot: String(decoding: boot, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
            pidNamespace: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "")
    }()
}
