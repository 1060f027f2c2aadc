import Foundation
import Gateway
import Testing
import Trust

/// A copy of the development PKI's first set, which a test changes, completes again and loads.
final class SetCopy {
    let folder: TemporaryFolder

    init(of pki: DevelopmentPKI) throws {
        self.folder = try TemporaryFolder()
        for item in try FileManager.default.contentsOfDirectory(atPath: pki.set) {
            try FileManager.default.copyItem(atPath: "\(pki.set)/\(item)", toPath: self.folder.file(item))
        }
    }

    func file(_ name: String) -> String { self.folder.file(name) }
    func read(_ name: String) throws -> [UInt8] { try self.folder.read(name) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self.file(name)) }

    /// Writes a file that only its owner may read, with the folders above it.
    func write(_ bytes: [UInt8], to name: String) throws {
        let parent = URL(filePath: self.file(name)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try self.folder.write(bytes, to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: self.file(name))
    }

    /// Puts a certificate and its key below a name.
    func add(_ issued: TestAuthority.Issued, as name: String, followedBy authorities: [TestAuthority] = []) throws {
        try self.write(
            issued.folder.read("crt") + authorities.flatMap { try $0.own.folder.read("crt") }, to: "\(name).crt")
        try self.write(issued.folder.read("key"), to: "\(name).key")
    }

    /// Keeps one revocation list only.
    func keepOnly(list: String) throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: self.file("crls")) where file != list {
            try self.remove("crls/\(file)")
        }
    }

    /// Writes the manifest as sha256sum does.
    func seal() throws {
        let script = """
            cd "$1" && rm -f manifest && files=$(find . -type f -printf '%P\\n' | LC_ALL=C sort) &&
            { echo '# shs-gateway certificates 1'; printf '%s\\n' "$files" | xargs -d '\\n' sha256sum --; } >.list &&
            mv .list manifest
            """
        let output = try Tool.run(["bash", "-c", script, "-", self.folder.path])
        try #require(output.succeeded, "\(output.errorText)")
    }

    func load(
        _ role: TrustRole = .all, policy: TrustPolicy = TrustPolicy(), revocationFolder: String? = nil,
        at instant: Int64 = now()
    ) throws -> TrustSnapshot {
        try TrustSnapshot.load(
            directory: self.folder.path, role: role, policy: policy, revocationFolder: revocationFolder, at: instant
        ) { _ in PartyRegister() }
    }

    /// What is said against the set as it is; nothing when it is taken over.
    func problems(
        _ role: TrustRole = .all, policy: TrustPolicy = TrustPolicy(), revocationFolder: String? = nil,
        at instant: Int64 = now()
    ) throws -> [TrustProblem] {
        do {
            _ = try self.load(role, policy: policy, revocationFolder: revocationFolder, at: instant)
            return []
        } catch let error as TrustError {
            #expect(!error.problems.isEmpty)
            #expect(error.description.split(separator: "\n").count == error.problems.count)
            return error.problems
        }
    }
}

extension DevelopmentPKI {
    /// What is said against a copy of the first set after a change, once it has been completed again.
    func problems(
        _ role: TrustRole = .all, policy: TrustPolicy = TrustPolicy(), at instant: Int64 = now(),
        change: (SetCopy) throws -> Void = { _ in }
    ) throws -> [TrustProblem] {
        let copy = try SetCopy(of: self)
        try change(copy)
        try copy.seal()
        return try copy.problems(role, policy: policy, at: instant)
    }
}
