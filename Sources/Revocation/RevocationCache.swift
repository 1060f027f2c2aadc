internal import FoundationEssentials
internal import Glibc

/// The folder in which lists and answers outlive the process: a cache, so nothing in it is believed unchecked.
///
/// Lists are `<issuer>-<scope>.crl` in DER, answers `.ocsp/<fingerprint>.der`. Every file is written under another name
/// and renamed; several processes may share the folder.
struct RevocationCache: Sendable {
    private let folder: String
    private let configuration: RevocationConfiguration
    private static let answers = ".ocsp"

    /// Nil when nothing is to be kept, or the folder cannot be made.
    init?(_ configuration: RevocationConfiguration) {
        guard let folder = configuration.folder else { return nil }
        self.folder = folder
        self.configuration = configuration
        let path = "\(folder)/\(Self.answers)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard unsafe access(path, W_OK) == 0 else { return nil }
    }

    /// Names of the lists that are kept.
    var slots: [String] {
        self.names(in: self.folder, ending: ".crl").prefix(self.configuration.maximumLists).map {
            String($0.dropLast(4))
        }
    }

    func answer(_ fingerprint: String) -> [UInt8]? {
        self.read(self.path(answer: fingerprint), limit: self.configuration.maximumResponseBytes)
    }

    /// - Returns: Whether it is on disk now.
    func store(list: [UInt8], slot: String) -> Bool { self.write(list, to: "\(self.folder)/\(slot).crl") }

    func store(answer response: [UInt8], fingerprint: String) -> Bool {
        self.write(response, to: self.path(answer: fingerprint))
    }

    /// A list that is kept: another process may have found it, so it may be newer than ours.
    func list(slot: String) -> [UInt8]? {
        self.read("\(self.folder)/\(slot).crl", limit: self.configuration.maximumListBytes)
    }

    private func path(answer fingerprint: String) -> String { "\(self.folder)/\(Self.answers)/\(fingerprint).der" }

    private func names(in folder: String, ending: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted()
    }

    private func read(_ path: String, limit: Int) -> [UInt8]? {
        guard case .bytes(let bytes, _) = try? RevocationFile(path: path).read(limit: limit, newerThan: nil) else {
            return nil
        }
        return bytes
    }

    // MARK: What nobody uses

    /// Seconds after which a file that is used is touched again.
    private static let touchAfter: Int64 = 86_400

    /// Touches the files that are used, and removes those that no process has touched or renewed for long.
    ///
    /// Only files of this type's own names are removed: others may put lists here as well.
    ///
    /// - Parameter instant: Seconds since 1970 (UTC).
    /// - Returns: How many were removed.
    func tidy(usedLists: Set<String>, usedAnswers: Set<String>, at instant: Int64) -> Int {
        let lists = self.tidy(self.folder, ending: ".crl", used: usedLists, at: instant) { name in
            name.utf8.count == 33 && name.utf8.dropFirst(16).first == UInt8(ascii: "-")
        }
        let answers = self.tidy("\(self.folder)/\(Self.answers)", ending: ".der", used: usedAnswers, at: instant) {
            $0.utf8.count == 64
        }
        return lists + answers
    }

    private func tidy(
        _ folder: String, ending: String, used: Set<String>, at instant: Int64, isOwn: (String) -> Bool
    ) -> Int {
        var removed = 0
        for name in self.names(in: folder, ending: ending) {
            let path = "\(folder)/\(name)"
            let stem = String(name.dropLast(ending.count))
            var status = stat()
            guard isOwn(stem), unsafe stat(path, &status) == 0 else { continue }
            let age = instant - Int64(status.st_mtim.tv_sec)
            if used.contains(stem) {
                if age >= Self.touchAfter { unsafe utimensat(AT_FDCWD, path, nil, 0) }
            } else if age >= self.configuration.unusedKept.components.seconds {
                self.remove(path)
                removed += 1
            }
        }
        return removed
    }

    private func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    private func write(_ bytes: [UInt8], to path: String) -> Bool {
        guard self.size + bytes.count <= self.configuration.maximumFolderBytes else { return false }
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        var count = 0
        while count < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { break }
            count += written
        }
        // A name must not point to bytes that a power failure takes away.
        let isWhole = count == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWhole, unsafe rename(temporary, path) == 0 else {
            self.remove(temporary)
            return false
        }
        return true
    }

    /// Bytes in the folder.
    private var size: Int {
        [self.folder, "\(self.folder)/\(Self.answers)"].reduce(0) { sum, folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.reduce(sum) { sum, name in
                var status = stat()
                guard unsafe stat("\(folder)/\(name)", &status) == 0 else { return sum }
                return sum + Int(status.st_size)
            }
        }
    }
}
