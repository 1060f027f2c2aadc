package import Foundation
import Glibc

/// Looks for what was said in files, in the memory of processes, and in swap.
package struct ResidueSearch: Sendable {
    /// One place where something stands.
    package struct Finding: Hashable, Sendable, Encodable {
        /// A file, or a process with the region of its memory.
        package let place: String
        package let offset: UInt64
        /// What was found, by its kind and number.
        package let needle: String
        package let form: String
    }

    /// What was looked at, and what was found there.
    package struct Result: Sendable, Encodable {
        package var bytes: UInt64 = 0
        package var places = 0
        package var findings: [Finding] = []

        package init() {}

        mutating func add(_ other: Result) {
            self.bytes += other.bytes
            self.places += other.places
            self.findings += other.findings
        }
    }

    package static let chunk = 4 << 20
    private static let gzipMagic: [UInt8] = [0x1F, 0x8B, 0x08]
    /// A member's bytes are handed to gzip up to here.
    private static let longestMember = 16 << 20

    private let needles: [Needle]
    private let patterns: PatternSet

    /// How many patterns of bytes are compared.
    package var patternCount: Int { self.patterns.count }

    package init(for needles: [Needle]) {
        self.needles = needles
        self.patterns = PatternSet(needles)
    }

    /// What is looked for, without what stands in a file that was there before anything was said.
    package func needles(notIn file: String) -> [Needle] {
        let there = Set(self.file(file).findings.map(\.needle))
        return self.needles.enumerated().filter { !there.contains("\($0.element.kind) \($0.offset)") }.map(\.element)
    }

    /// All files below some folders, and files that are named themselves.
    ///
    /// - Parameter since: files that were not changed since then are left out.
    package func files(in paths: [String], changed since: Date = .distantPast) -> Result {
        var result = Result()
        for path in paths {
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
            guard isFolder.boolValue else {
                result.add(self.file(path, changed: since))
                continue
            }
            let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            for name in below.sorted() { result.add(self.file("\(path)/\(name)", changed: since)) }
        }
        return result
    }

    /// One regular file; one that went meanwhile has nothing any more.
    package func file(_ path: String, changed since: Date = .distantPast) -> Result {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Double(status.st_mtim.tv_sec) >= since.timeIntervalSince1970
        else { return Result() }
        let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return Result() }
        defer { _ = Glibc.close(file) }
        return self.range(of: file, from: 0, count: UInt64(max(0, status.st_size)), named: path)
    }

    /// Bytes that are here already.
    package func bytes(_ bytes: [UInt8], named name: String) -> Result {
        self.range(named: name, from: 0, count: UInt64(bytes.count)) { offset, count in
            Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + count)])
        }
    }

    /// A range of an open file, in chunks that overlap by the longest pattern.
    package func range(of file: Int32, from first: UInt64, count: UInt64, named name: String) -> Result {
        self.range(named: name, from: first, count: count) { offset, count in
            var bytes = [UInt8](repeating: 0, count: count)
            let got = unsafe pread(file, &bytes, count, off_t(offset))
            return got <= 0 ? [] : Array(bytes.prefix(got))
        }
    }

    private func range(
        named name: String, from first: UInt64, count: UInt64, _ read: (UInt64, Int) -> [UInt8]
    ) -> Result {
        var result = Result()
        result.places = 1
        var found = Set<Finding>()
        var offset = first
        while offset < first + count {
            let wanted = Int(min(first + count - offset, UInt64(Self.chunk + self.patterns.longest)))
            let bytes = read(offset, wanted)
            guard !bytes.isEmpty else { break }
            for (place, match) in self.patterns.matches(in: bytes) {
                found.insert(self.finding(name, offset + UInt64(place), match, packed: false))
            }
            for place in Self.members(in: bytes) where place < Self.chunk {
                let member = read(
                    offset + UInt64(place), Int(min(first + count - offset - UInt64(place), UInt64(Self.longestMember)))
                )
                for (_, match) in self.patterns.matches(in: Gzip.unpacked(member)) {
                    found.insert(self.finding(name, offset + UInt64(place), match, packed: true))
                }
            }
            offset += UInt64(min(bytes.count, Self.chunk))
            result.bytes += UInt64(min(bytes.count, Self.chunk))
        }
        result.findings = found.sorted { ($0.offset, $0.needle) < ($1.offset, $1.needle) }
        return result
    }

    private func finding(_ place: String, _ offset: UInt64, _ match: PatternSet.Match, packed: Bool) -> Finding {
        Finding(
            place: place, offset: offset, needle: "\(self.needles[match.needle].kind) \(match.needle)",
            form: packed ? "gzip \(match.form.rawValue)" : match.form.rawValue)
    }

    /// Where gzip members may begin: the magic, the method, and flags that exist.
    private static func members(in bytes: [UInt8]) -> [Int] {
        var places: [Int] = []
        var index = bytes.startIndex
        while let place = bytes[index...].firstIndex(of: Self.gzipMagic[0]) {
            if place + 10 < bytes.count, bytes[place + 1] == Self.gzipMagic[1], bytes[place + 2] == Self.gzipMagic[2],
                bytes[place + 3] & 0xE0 == 0
            {
                places.append(place)
            }
            index = place + 1
        }
        return places
    }
}
