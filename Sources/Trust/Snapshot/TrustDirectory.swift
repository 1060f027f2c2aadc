internal import FoundationEssentials
internal import Glibc

/// The files of one set on disk, each of them as its manifest says; the layout is that of Certificates/README.md.
struct TrustDirectory {
    /// Bytes; a larger file is not read.
    ///
    /// Revocation lists of large authorities have some megabytes.
    static let maximumFileSize = 32 * 1_024 * 1_024
    /// Folders in folders: a set has three.
    private static let maximumDepth = 8

    let path: String
    private let manifest: SetManifest
    private let listed: [String]

    /// Opens a set whose files are all there and as they were when it was completed.
    ///
    /// - Parameter isOwn: Whether the role may open a file; of others it is only seen whether they are there.
    init(path: String, isOwn: (String) -> Bool) throws(TrustError) {
        self.path = path
        self.manifest = try SetManifest(Self.read(SetManifest.name, in: path, isKey: false))
        self.listed = self.manifest.digests.keys.sorted()
        var problems = TrustProblems()
        for file in self.listed {
            if isOwn(file) {
                // The modes of keys are looked at when they are used.
                _ = problems.gather { () throws(TrustError) in try self.read(file, isKey: false) }
            } else if !Self.isThere("\(path)/\(file)") {
                problems.add(file, .missing)
            }
        }
        for file in Self.files(below: path, depth: 0) where self.manifest.digests[file] == nil {
            if file != SetManifest.name { problems.add(file, .unlisted) }
        }
        try problems.throwIfAny()
    }

    /// A certificate, anchor or revocation list file.
    func read(_ file: String) throws(TrustError) -> [UInt8] { try self.read(file, isKey: false) }

    /// A key file: nobody but its owner may have any access to it.
    func readKey(_ file: String) throws(TrustError) -> [UInt8] { try self.read(file, isKey: true) }

    /// The names in a folder, sorted; those of folders in it end with a slash.
    func names(in folder: String) -> [String] {
        let prefix = "\(folder)/"
        let names = self.listed.filter { $0.hasPrefix(prefix) }.map { path in
            let name = path.dropFirst(prefix.count)
            return name.firstIndex(of: "/").map { String(name[...$0]) } ?? String(name)
        }
        return Set(names).sorted()
    }

    func has(_ file: String) -> Bool { self.manifest.digests[file] != nil }

    private func read(_ file: String, isKey: Bool) throws(TrustError) -> [UInt8] {
        guard let digest = self.manifest.digests[file] else { throw TrustError(file, .missing) }
        let bytes = try Self.read(file, in: self.path, isKey: isKey)
        guard hexadecimal(sha256(bytes)) == digest else { throw TrustError(file, .changed) }
        return bytes
    }

    /// What is below a folder, links as files; nothing of folders that may not be read.
    static func files(below path: String, depth: Int) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().prefix(SetManifest.maximumFiles).flatMap { name -> [String] in
            var status = stat()
            let isFolder = unsafe lstat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            guard isFolder, depth < Self.maximumDepth else { return [name] }
            return Self.files(below: "\(path)/\(name)", depth: depth + 1).map { "\(name)/\($0)" }
        }
    }

    /// Whether a file is there, or in a folder of another role that hides it.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFREG : errno == EACCES
    }

    /// Reads a file of any folder, within the limit.
    static func read(_ file: String, in path: String, isKey: Bool) throws(TrustError) -> [UInt8] {
        // Without waiting: a pipe in the place of a file is refused below.
        let descriptor = unsafe open("\(path)/\(file)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw TrustError(file, errno == ENOENT ? .missing : .unreadable(Self.systemError()))
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw TrustError(file, .unreadable(Self.systemError())) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TrustError(file, .unreadable("not a regular file")) }
        if isKey && status.st_mode & 0o077 != 0 {
            throw TrustError(file, .openPermissions(mode: UInt32(status.st_mode & 0o777)))
        }
        guard status.st_size <= Self.maximumFileSize else {
            throw TrustError(file, .tooLarge(limit: Self.maximumFileSize))
        }
        return try Self.readAll(descriptor, expected: Int(status.st_size), file: file)
    }

    private static func readAll(_ descriptor: Int32, expected: Int, file: String) throws(TrustError) -> [UInt8] {
        // One byte more than expected shows a file that grows while it is read.
        var bytes = [UInt8](repeating: 0, count: expected + 1)
        var count = 0
        while count < bytes.count {
            let read = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
            }
            if read < 0 && errno == EINTR { continue }
            guard read >= 0 else { throw TrustError(file, .unreadable(Self.systemError())) }
            if read == 0 { break }
            count += read
        }
        guard count == expected else { throw TrustError(file, .unreadable("it changed while it was read")) }
        bytes.removeLast()
        return bytes
    }

    private static func systemError() -> String { unsafe String(cString: strerror(errno)) }
}
