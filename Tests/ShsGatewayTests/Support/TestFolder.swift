import Foundation
import GatewayTestSupport
import Testing

/// A folder that is gone with the value.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.path + "/gateway-unit-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func file(_ name: String) -> String { "\(self.path)/\(name)" }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: self.file(name)))
        return self.file(name)
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []).sorted() }
}

/// The repository that the tests were built from.
enum Repository {
    static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    static let configuration = path + "/Config/gateway.yaml"
}

/// What Certificates/generate.sh makes, once for all tests of this process.
struct DevelopmentSets: Sendable {
    let folder: TestFolder

    private static let task = Task {
        let folder = try TestFolder()
        let output = try await Program(["bash", Repository.path + "/Certificates/generate.sh", folder.path]).run()
        try #require(output.status == 0, "\(output.errorText)")
        return DevelopmentSets(folder: folder)
    }

    static func shared() async throws -> DevelopmentSets { try await Self.task.value }

    /// The first certificate of a file, DER.
    func der(_ file: String) throws -> [UInt8] {
        let text = try String(contentsOfFile: self.folder.file(file), encoding: .utf8)
        let body = text.components(separatedBy: "-----BEGIN CERTIFICATE-----")[1]
            .components(separatedBy: "-----END CERTIFICATE-----")[0].filter { !$0.isWhitespace }
        return [UInt8](try #require(Data(base64Encoded: body)))
    }
}
