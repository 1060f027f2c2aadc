import Foundation
import Gateway
import Testing
import Trust

/// What Certificates/generate.sh makes, once per test run.
struct DevelopmentPKI {
    let folder: TemporaryFolder

    private static let made = Result { try DevelopmentPKI() }
    static func shared() throws -> DevelopmentPKI { try Self.made.get() }

    private init() throws {
        self.folder = try TemporaryFolder()
        let script = "\(Tool.repository)/Certificates/generate.sh"
        let output = try Tool.run([script, self.folder.path])
        try #require(output.succeeded, "generate.sh: \(output.errorText)")
        // Static values are never released: the folder goes when the process ends.
        FoldersToRemove.add(self.folder.path)
    }

    /// The first set.
    var set: String { self.folder.file("0001") }

    /// A file by its path below the set, or of what stands beside the sets.
    func path(_ file: String) -> String {
        let parts = file.split(separator: "/")
        let isOfSet = ["anchors", "intermediates", "crls", "node"].contains(parts[0]) || file == "parties.yaml"
        return isOfSet ? "\(self.set)/\(file)" : self.folder.file(file)
    }

    func read(_ file: String) throws -> [UInt8] { try readBytes(self.path(file)) }

    func certificates(_ files: String...) throws -> [Certificate] {
        try files.flatMap { try Certificate.list(pem: self.read($0)) }
    }

    /// The first certificate of a file, DER.
    func der(_ file: String) throws -> [UInt8] {
        try Tool.openssl("x509", "-in", self.path(file), "-outform", "DER").standardOutput
    }

    func revocationLists() throws -> [RevocationList] {
        let names = try FileManager.default.contentsOfDirectory(atPath: self.path("crls"))
        return try names.flatMap { try RevocationList.list(pem: self.read("crls/\($0)")) }
    }

    func verifier(
        _ kind: String, policy: TrustPolicy = TrustPolicy(), revocationLists: [RevocationList]? = nil
    ) throws -> CertificateVerifier {
        let hasIntermediates = kind != "providers"
        return try CertificateVerifier(
            anchors: self.certificates("anchors/\(kind).pem"),
            intermediates: hasIntermediates ? self.certificates("intermediates/\(kind).pem") : [],
            revocationLists: revocationLists ?? self.revocationLists(), policy: policy)
    }

    func snapshot(
        role: TrustRole = .all, policy: TrustPolicy = TrustPolicy(), at instant: Int64
    ) throws -> TrustSnapshot {
        try TrustSnapshot.load(
            directory: self.folder.path, role: role, parties: PartyRegister(), policy: policy, at: instant)
    }
}

/// Folders that static values own.
enum FoldersToRemove {
    nonisolated(unsafe) private static var paths: [String] = []
    private static let lock = NSLock()
    private static let registered: Void = {
        atexit { FoldersToRemove.removeAll() }
    }()

    static func add(_ path: String) {
        _ = Self.registered
        Self.lock.withLock { unsafe Self.paths.append(path) }
    }

    private static func removeAll() {
        for path in unsafe Self.paths { try? FileManager.default.removeItem(atPath: path) }
    }
}
