import Foundation
import Gateway

/// The folder in which every process keeps one file that says which certificates it runs.
struct ProcessFolder {
    let path: String

    init(stateDirectory: String) { self.path = "\(stateDirectory)/processes" }

    /// Writes a process's own file; a reader sees the old one or the new one.
    func write(_ state: ProcessState) throws {
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(state).write(to: URL(fileURLWithPath: self.file(of: state)), options: .atomic)
    }

    func remove(_ state: ProcessState) { try? FileManager.default.removeItem(atPath: self.file(of: state)) }

    func has(_ state: ProcessState) -> Bool { FileManager.default.fileExists(atPath: self.file(of: state)) }

    /// The processes that live, by role and pid; files of others are removed.
    func live() -> [ProcessState] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []
        return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.compactMap { name in
            let file = "\(self.path)/\(name)"
            guard let data = FileManager.default.contents(atPath: file),
                let state = try? JSONDecoder().decode(ProcessState.self, from: data)
            else { return nil }
            if Self.startTicks(of: state.pid) == state.startTicks { return state }
            try? FileManager.default.removeItem(atPath: file)
            return nil
        }.sorted { ($0.role, $0.pid) < ($1.role, $1.pid) }
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
