internal import FoundationEssentials
internal import Glibc

/// The files of one set on disk; the layout is that of Certificates/README.md.
struct TrustDirectory {
    /// Bytes; a larger file is not read.
    ///
    /// Revocation lists of large authorities have some megabytes.
    static let maximumFileSize = 32 * 1_024 * 1_024

    let path: String

    /// A certificate, anchor or revocation list file.
    func read(_ file: String) throws(TrustError) -> [UInt8] {
        try self.read(file, isKey: false)
    }

    /// A key file: nobody but its owner may have any access to it.
    func readKey(_ file: String) throws(TrustError) -> [UInt8] {
        try self.read(file, isKey: true)
    }

    /// The `.pem` files of a folder in the order of their names; none when there is no such folder.
    func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(self.path)/\(folder)")) ?? []
        return names.filter { $0.hasSuffix(".pem") }.sorted().map { "\(folder)/\($0)" }
    }

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(self.path)/\(file)") }

    private func read(_ file: String, isKey: Bool) throws(TrustError) -> [UInt8] {
        let descriptor = unsafe open("\(self.path)/\(file)", O_RDONLY | O_CLOEXEC)
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
