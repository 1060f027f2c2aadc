import Glibc

/// An open file of the record: a number that the one who opened it closes.
///
/// Every file is readable and writable by its owner only.
struct RecordFile: Sendable {
    let path: String
    let descriptor: Int32

    /// Opens for reading and writing at the end.
    ///
    /// - Parameter isNew: Whether it must not be there yet; else it is made when it is not.
    static func append(to path: String, isNew: Bool = false) throws(FileFailure) -> Self {
        try Self(path, O_RDWR | O_APPEND | O_CREAT | (isNew ? O_EXCL : 0))
    }

    /// Opens for writing anywhere; makes it when it is not there.
    static func rewrite(_ path: String) throws(FileFailure) -> Self { try Self(path, O_RDWR | O_CREAT) }

    static func existing(_ path: String) throws(FileFailure) -> Self { try Self(path, O_RDWR | O_APPEND) }

    static func reading(_ path: String) throws(FileFailure) -> Self { try Self(path, O_RDONLY) }

    private init(_ path: String, _ flags: Int32) throws(FileFailure) {
        let descriptor = unsafe open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure(path, "open it") }
        self.path = path
        self.descriptor = descriptor
    }

    func close() { _ = Glibc.close(self.descriptor) }

    /// Takes the file for this process alone; the system gives it back when the process is gone, however that happens.
    ///
    /// - Returns: Whether it could be taken; always, when waiting.
    func lock(waits: Bool) throws(FileFailure) -> Bool {
        while true {
            if flock(self.descriptor, LOCK_EX | (waits ? 0 : LOCK_NB)) == 0 { return true }
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { throw FileFailure(self.path, "lock it") }
        }
    }

    func unlock() { _ = flock(self.descriptor, LOCK_UN) }

    var size: Int {
        get throws(FileFailure) {
            var status = stat()
            guard unsafe fstat(self.descriptor, &status) == 0 else { throw FileFailure(self.path, "examine it") }
            return Int(status.st_size)
        }
    }

    /// Appends everything in one call, or nothing: what was written of it is taken back.
    ///
    /// - Parameter offset: The file's size before.
    func append(_ bytes: [UInt8], at offset: Int) throws(FileFailure) {
        var written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(self.descriptor, $0.baseAddress, $0.count) }
        // Interrupted before anything was written; a signal later than that shows as a part.
        while written < 0 && errno == EINTR {
            written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(self.descriptor, $0.baseAddress, $0.count) }
        }
        guard written == bytes.count else {
            if written >= 0 { errno = ENOSPC }
            let failure = FileFailure(self.path, "write to it")
            _ = ftruncate(self.descriptor, off_t(offset))
            throw failure
        }
    }

    /// Overwrites in place.
    func write(_ bytes: [UInt8], at offset: Int) throws(FileFailure) {
        let written = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(self.descriptor, $0.baseAddress, $0.count, off_t(offset))
        }
        guard written == bytes.count else { throw FileFailure(self.path, "write to it") }
    }

    func truncate(to size: Int) throws(FileFailure) {
        guard ftruncate(self.descriptor, off_t(size)) == 0 else { throw FileFailure(self.path, "shorten it") }
    }

    /// Everything from `offset` to the end.
    func read(from offset: Int = 0) throws(FileFailure) -> [UInt8] {
        let size = try self.size
        guard size > offset else { return [] }
        var position = offset
        var result = [UInt8](repeating: 0, count: size - offset)
        while position < size {
            let count = unsafe result.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    self.descriptor, buffer.baseAddress.map { unsafe $0 + (position - offset) }, size - position,
                    off_t(position))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure(self.path, "read it") }
            if count == 0 { break }
            position += count
        }
        result.removeLast(size - position)
        return result
    }

    /// Returns when what was written outlives a loss of power.
    func synchronise() throws(FileFailure) {
        guard fdatasync(self.descriptor) == 0 else { throw FileFailure(self.path, "synchronise it") }
    }

    /// Makes what was created or removed in a folder outlive a loss of power; where that cannot be done, it is left.
    static func synchroniseFolder(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = Glibc.close(descriptor)
    }
}
