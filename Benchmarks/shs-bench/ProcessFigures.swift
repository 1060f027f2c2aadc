import Foundation

/// CPU time and memory of the system's processes, from /proc.
struct ProcessFigures: Sendable {
    /// Resident memory of one process, in MiB.
    struct Memory: Encodable {
        let now: Double
        /// The most that it ever had.
        let peak: Double
    }

    private let processes: [(role: String, pid: Int32)]

    init(folder: String) throws {
        self.processes = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
            guard name.hasSuffix(".pid"), let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8),
                let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
            else { return nil }
            return (String(name.dropLast(4)), pid)
        }
    }

    var roles: [String] { self.processes.map(\.role) }

    /// User and system time per role, the broker's included.
    func cpuSeconds() -> [String: Double] {
        var result: [String: Double] = [:]
        for (role, pid) in self.processes { result[role] = Self.cpuSeconds(of: pid) }
        return result
    }

    /// Peak resident memory per role.
    func peakMemoryMiB() -> [String: Double] { self.memory().mapValues(\.peak) }

    /// Per role; without those whose process has ended.
    func memory() -> [String: Memory] {
        var result: [String: Memory] = [:]
        for (role, pid) in self.processes { result[role] = Self.memory(of: pid) }
        return result
    }

    /// Of the whole machine since its start: the time in which processors worked, and all time, of all processors.
    static func machineSeconds() -> (busy: Double, all: Double) {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let line = text.split(separator: "\n").first
        else { return (0, 0) }
        // user, nice, system, idle, iowait, irq, softirq, steal (proc(5)), in ticks of 1/100 s.
        let ticks = line.split(separator: " ").dropFirst().prefix(8).map { Double($0) ?? 0 }
        guard ticks.count == 8 else { return (0, 0) }
        let all = ticks.reduce(0, +)
        return ((all - ticks[3] - ticks[4]) / 100, all / 100)
    }

    /// User and system time of one process; 0 when it has ended.
    static func cpuSeconds(of pid: Int32) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        // After the name: state is field 3, utime 14, stime 15 (proc(5)), in ticks of 1/100 s.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / 100
    }

    private static func memory(of pid: Int32) -> Memory? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n")
        func mebibytes(_ key: String) -> Double? {
            // "VmRSS:     52516 kB"
            let fields = lines.first { $0.hasPrefix(key) }?.split { $0 == " " || $0 == "\t" } ?? []
            return fields.count > 1 ? Double(fields[1]).map { $0 / 1_024 } : nil
        }
        guard let now = mebibytes("VmRSS:"), let peak = mebibytes("VmHWM:") else { return nil }
        return Memory(now: now, peak: peak)
    }
}
