import Foundation

/// CPU time and peak memory of the system's processes, from /proc.
struct ProcessFigures {
    private let processes: [(role: String, pid: Int)]

    init(folder: String) throws {
        self.processes = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
            guard name.hasSuffix(".pid"), let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8),
                let pid = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
            else { return nil }
            return (String(name.dropLast(4)), pid)
        }
    }

    /// User and system time per role, the broker's included.
    func cpuSeconds() -> [String: Double] {
        var result: [String: Double] = [:]
        for (role, pid) in self.processes { result[role] = Self.cpuSeconds(of: pid) }
        return result
    }

    /// Peak resident memory per role.
    func peakMemoryMiB() -> [String: Double] {
        var result: [String: Double] = [:]
        for (role, pid) in self.processes { result[role] = Self.peakMemoryMiB(of: pid) }
        return result
    }

    private static func cpuSeconds(of pid: Int) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        // After the name: state is field 3, utime 14, stime 15 (proc(5)), in ticks of 1/100 s.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / 100
    }

    private static func peakMemoryMiB(of pid: Int) -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let fields = line?.split { $0 == " " || $0 == "\t" } ?? []
        return fields.count > 1 ? Double(fields[1]).map { $0 / 1_024 } : nil
    }
}
