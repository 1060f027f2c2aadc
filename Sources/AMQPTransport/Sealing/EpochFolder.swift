import Crypto
import Foundation
import Glibc

/// The epochs of one lane on disk, in `<keyring>/<lane>`: reads, makes and destroys, and decides nothing.
struct EpochFolder: Sendable {
    let path: String
    let lane: String
    let access: KeyringAccess
    let clock: any EpochClock

    init(keyring: String, lane: Lane, access: KeyringAccess, clock: any EpochClock) {
        self.path = "\(keyring)/\(lane.name)"
        self.lane = lane.name
        self.access = access
        self.clock = clock
    }

    /// An epoch as its file says it, before it is counted.
    struct Found: Hashable {
        let epoch: Epoch
        let isOfThisBoot: Bool
    }

    /// Makes the folder if it is not there; with access for groups the operator has made it, with its group.
    func prepare() throws(SealingError) {
        do {
            try FileManager.default.createDirectory(
                atPath: self.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw self.unusable()
        }
    }

    /// All epochs, oldest first.
    ///
    /// Removes what processes that were killed have left half made or half destroyed.
    func epochs() throws(SealingError) -> [Found] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: self.path)
        } catch {
            throw self.unusable()
        }
        var found: [Found] = []
        for name in names.sorted() {
            if name.hasPrefix(Self.draftPrefix) { self.removeAbandoned(name) }
            guard let number = Epoch.number(ofName: name) else { continue }
            guard let epoch = try self.epoch(number) else { continue }
            found.append(epoch)
        }
        return found
    }

    /// Makes an epoch under a number; false when another process was first, which is as good.
    func make(_ number: UInt64, lifetime: Duration) throws(SealingError) -> Bool {
        let draft = "\(self.path)/\(Self.draftPrefix)\(UUID().uuidString)"
        let now = self.clock.sinceBoot()
        let header = EpochFile.header(made: now, sealsUntil: now + lifetime, boot: self.clock.boot)
        let key = unsafe LockedKey { bytes in
            unsafe bytes.copyBytes(from: header)
            let place = unsafe bytes[EpochFile.headerCount..<EpochFile.checkedCount]
            unsafe SymmetricKey(size: .bits256).withUnsafeBytes { random in
                unsafe UnsafeMutableRawBufferPointer(rebasing: place).copyBytes(from: random)
            }
            let check = unsafe EpochFile.check(UnsafeRawBufferPointer(bytes))
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[EpochFile.checkedCount...]).copyBytes(from: check)
            return true
        }
        let file = unsafe Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, self.access.fileMode)
        guard let key, file >= 0 else { throw self.unusable() }
        defer {
            _ = Glibc.close(file)
            _ = unsafe unlink(draft)
        }
        // The process's own mask may have taken bits away that the others of the group need.
        guard fchmod(file, self.access.fileMode) == 0, unsafe key.withFile({ unsafe Self.write($0, to: file) }) else {
            throw self.unusable()
        }
        guard unsafe link(draft, "\(self.path)/\(Epoch.name(number))") != 0 else { return true }
        let reason = errno
        Self.overwrite(file)
        guard reason == EEXIST else { throw .keyringUnusable(path: self.path, errno: reason) }
        return false
    }

    /// Reads a key into locked memory.
    func key(_ number: UInt64) throws(SealingError) -> LockedKey {
        guard let file = try self.open(number, O_RDONLY) else { throw .unknownEpoch(lane: self.lane) }
        defer { _ = Glibc.close(file) }
        let key = unsafe LockedKey { bytes in
            guard unsafe pread(file, bytes.baseAddress, bytes.count, 0) == bytes.count else { return false }
            return unsafe EpochFile.check(UnsafeRawBufferPointer(bytes))
                .elementsEqual(bytes[EpochFile.checkedCount...])
        }
        // Not a key (any more): it is being destroyed at this moment, or somebody has damaged it.
        guard let key else { throw .unknownEpoch(lane: self.lane) }
        return key
    }

    /// Overwrites the key where it lies, then removes its file; false when another process has done so.
    @discardableResult
    func destroy(_ number: UInt64) throws(SealingError) -> Bool {
        guard let file = try self.open(number, O_RDWR) else { return false }
        defer { _ = Glibc.close(file) }
        Self.overwrite(file)
        guard unsafe unlink("\(self.path)/\(Epoch.name(number))") == 0 || errno == ENOENT else {
            throw self.unusable()
        }
        return true
    }

    // MARK: Files

    private static let draftPrefix = ".new-"
    /// A draft lives for microseconds.
    ///
    /// Its age is told by the wall clock: a clock that jumps costs a making one more try.
    private static let abandonedAfter: TimeInterval = 60

    /// Opens an epoch's file and refuses one that others may read, or of another size; nil when there is none.
    private func open(_ number: UInt64, _ flags: Int32) throws(SealingError) -> Int32? {
        let file = unsafe Glibc.open("\(self.path)/\(Epoch.name(number))", flags | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw self.unusable()
        }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & self.access.forbidden == 0, status.st_size == EpochFile.count
        else {
            _ = Glibc.close(file)
            throw .malformedKey(lane: self.lane, epoch: Epoch.name(number))
        }
        return file
    }

    private func epoch(_ number: UInt64) throws(SealingError) -> Found? {
        guard let file = try self.open(number, O_RDONLY) else { return nil }
        defer { _ = Glibc.close(file) }
        var bytes = [UInt8](repeating: 0, count: EpochFile.headerCount)
        guard unsafe pread(file, &bytes, bytes.count, 0) == bytes.count, let header = EpochFile.header(bytes) else {
            throw .malformedKey(lane: self.lane, epoch: Epoch.name(number))
        }
        switch header {
        case .overwritten:
            _ = unsafe unlink("\(self.path)/\(Epoch.name(number))")
            return nil
        case .epoch(let made, let sealsUntil, let boot):
            return Found(
                epoch: Epoch(number: number, made: made, sealsUntil: sealsUntil), isOfThisBoot: boot == self.clock.boot)
        }
    }

    private func removeAbandoned(_ name: String) {
        let path = "\(self.path)/\(name)"
        var status = stat()
        guard unsafe lstat(path, &status) == 0,
            Date().timeIntervalSince1970 - TimeInterval(status.st_mtim.tv_sec) > Self.abandonedAfter
        else { return }
        let file = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        if file >= 0 {
            // With two names it is an epoch that is in use; its bytes go with that one.
            if status.st_nlink == 1 { Self.overwrite(file) }
            _ = Glibc.close(file)
        }
        _ = unsafe unlink(path)
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
        unsafe pwrite(file, bytes.baseAddress, bytes.count, 0) == bytes.count && fsync(file) == 0
    }

    private static func overwrite(_ file: Int32) {
        let zeros = [UInt8](repeating: 0, count: EpochFile.count)
        // That it failed cannot be mended; the file is removed all the same.
        _ = unsafe zeros.withUnsafeBytes { unsafe Self.write($0, to: file) }
    }

    private func unusable() -> SealingError { .keyringUnusable(path: self.path, errno: errno) }
}
