import Crypto
import Foundation
import Synchronization

/// The folder of sealing keys: `<folder>/<lane>/<epoch>`, 32 random bytes each, readable by the owner only.
///
/// A role opens only the lanes that it needs. Whoever seals first in a lane makes its key; two processes that do so at the
/// same moment end up with the same one, since a key is linked into place and never overwritten.
package final class Keyring: Sendable {
    private struct State {
        var sealing: [Lane: (epoch: String, key: SymmetricKey)] = [:]
        var opening: [Lane: [String: SymmetricKey]] = [:]
    }

    private let folder: String
    /// What this role may open: a key on disk that is readable for it is not a permission.
    private let lanes: Set<Lane>
    private let state = Mutex(State())

    /// Opens the folder and makes the first epoch of each lane that has none.
    package init(folder: String, lanes: [Lane]) throws(SealingError) {
        self.folder = folder
        self.lanes = Set(lanes)
        for lane in lanes {
            let key = try self.newestKey(of: lane)
            self.state.withLock { $0.sealing[lane] = key }
        }
    }

    package func seal(_ payload: [UInt8], for context: SealingContext) throws(SealingError) -> [UInt8] {
        guard let (epoch, key) = self.state.withLock({ $0.sealing[context.lane] }) else {
            throw .unknownEpoch(lane: context.lane.name)
        }
        return try Envelope.seal(payload, for: context, epoch: epoch, key: key)
    }

    package func open(_ envelope: [UInt8], for context: SealingContext) throws(SealingError) -> [UInt8] {
        guard self.lanes.contains(context.lane) else { throw .unknownEpoch(lane: context.lane.name) }
        let epoch = try Envelope.epoch(of: envelope)
        return try Envelope.open(envelope, for: context, key: try self.key(of: context.lane, epoch: epoch))
    }

    // MARK: Keys on disk

    private func key(of lane: Lane, epoch: String) throws(SealingError) -> SymmetricKey {
        if let known = self.state.withLock({ $0.opening[lane]?[epoch] }) { return known }
        guard Self.isEpochName(epoch) else { throw .notAuthentic }
        let key = try self.read(lane, epoch)
        self.state.withLock { $0.opening[lane, default: [:]][epoch] = key }
        return key
    }

    private func newestKey(of lane: Lane) throws(SealingError) -> (epoch: String, key: SymmetricKey) {
        let path = "\(self.folder)/\(lane.name)"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .keyringUnusable(path: path, errno: errno)
        }
        if try self.epochs(of: path).isEmpty { try self.make(lane, epoch: "000001", in: path) }
        guard let newest = try self.epochs(of: path).max() else { throw .keyringUnusable(path: path, errno: ENOENT) }
        return (newest, try self.read(lane, newest))
    }

    private func epochs(of path: String) throws(SealingError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter(Self.isEpochName)
        } catch {
            throw .keyringUnusable(path: path, errno: errno)
        }
    }

    /// Writes a key beside its place and links it there: the link fails when another process was first, and that is fine.
    private func make(_ lane: Lane, epoch: String, in path: String) throws(SealingError) {
        let draft = "\(path)/.new-\(UUID().uuidString)"
        let bytes = unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Data($0) }
        guard
            FileManager.default.createFile(
                atPath: draft, contents: bytes, attributes: [.posixPermissions: 0o600])
        else { throw .keyringUnusable(path: path, errno: errno) }
        defer { try? FileManager.default.removeItem(atPath: draft) }
        try? FileManager.default.linkItem(atPath: draft, toPath: "\(path)/\(epoch)")
    }

    private func read(_ lane: Lane, _ epoch: String) throws(SealingError) -> SymmetricKey {
        let path = "\(self.folder)/\(lane.name)/\(epoch)"
        guard let bytes = FileManager.default.contents(atPath: path) else { throw .unknownEpoch(lane: lane.name) }
        let permissions = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        guard bytes.count == 32, let permissions, permissions & 0o077 == 0 else {
            throw .malformedKey(lane: lane.name, epoch: epoch)
        }
        return SymmetricKey(data: bytes)
    }

    /// Six digits: an epoch's name comes from the envelope, so it must not be able to name another file.
    private static func isEpochName(_ name: String) -> Bool {
        name.utf8.count == 6 && name.utf8.allSatisfy { (48...57).contains($0) }
    }
}
