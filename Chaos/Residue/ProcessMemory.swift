import Foundation
import Glibc

/// The memory of another process, by `/proc/PID/maps` and `/proc/PID/mem`; reading it needs to be root.
package struct ProcessMemory: Sendable {
    /// A range that the process can read.
    struct Region: Equatable {
        let start: UInt64
        let end: UInt64
        let name: String
    }

    /// The process has gone, or its memory may not be read.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    private let pid: Int32

    package init(of pid: Int32) { self.pid = pid }

    /// Everything that the process may have written: what is mapped from files and cannot be written holds what the files hold.
    package func search(_ search: ResidueSearch, named name: String) throws(Unreadable) -> ResidueSearch.Result {
        let maps = FileManager.default.contents(atPath: "/proc/\(self.pid)/maps") ?? Data()
        let memory = unsafe Glibc.open("/proc/\(self.pid)/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0, !maps.isEmpty else {
            throw Unreadable(description: "the memory of \(name) (\(self.pid)) cannot be read; this needs root")
        }
        defer { _ = Glibc.close(memory) }
        var result = ResidueSearch.Result()
        for region in Self.regions(String(decoding: maps, as: UTF8.self)) {
            result.add(
                search.range(
                    of: memory, from: region.start, count: region.end - region.start,
                    named: "\(name) \(region.name)"))
        }
        return result
    }

    static func regions(_ maps: String) -> [Region] {
        maps.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count >= 5, let hyphen = fields[0].firstIndex(of: "-"),
                let start = UInt64(fields[0][..<hyphen], radix: 16),
                let end = UInt64(fields[0][fields[0].index(after: hyphen)...], radix: 16)
            else { return nil }
            let name = fields.count > 5 ? fields[5].trimmingCharacters(in: .whitespaces) : "anonymous"
            let isFile = name.hasPrefix("/")
            guard fields[1].hasPrefix("r"), !isFile || fields[1].dropFirst().hasPrefix("w"), !name.hasPrefix("[v")
            else {
                return nil
            }
            return Region(start: start, end: end, name: name)
        }
    }
}
