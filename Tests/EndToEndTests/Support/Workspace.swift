import Foundation
import GatewayTestSupport

/// Where this test process keeps what it makes, and what it finds in the repository.
///
/// The folder and every process that was started from it are gone when the test process is gone, however that ended.
enum Workspace {
    static let folder: String = {
        let path = FileManager.default.temporaryDirectory.path + "/gateway-e2e-\(UUID().uuidString.prefix(8))"
        makeFolder(path)
        let script = repository + "/Tests/GatewayTestSupport/ProcessGuard.sh"
        try? ChildProcess.start(["/bin/sh", script, path, String(ProcessInfo.processInfo.processIdentifier)])
        return path
    }()

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static let configuration = repository + "/Config/gateway.yaml"
    static let schema = repository + "/Config/contracts/ssbtek-10/ssbtek.xsd"

    /// The gateway's own program, built beside this test.
    static func program() throws -> String {
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        let path = folder + "/shs-gateway"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failure(
                description: "\(path) is not there: the end-to-end tests run the built program; build it first with "
                    + "`swift build --build-tests`")
        }
        return path
    }

    /// A new file below a folder of the client's side, which nothing of the gateway ever writes to.
    static func file(_ name: String) -> String {
        makeFolder(folder + "/client")
        return "\(folder)/client/\(UInt64.random(in: 0 ... .max))-\(name)"
    }

    static func file(_ name: String, with bytes: [UInt8]) throws -> String {
        let path = self.file(name)
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    static func makeFolder(_ path: String) {
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    static func bytes(_ path: String) -> [UInt8] { [UInt8](FileManager.default.contents(atPath: path) ?? Data()) }

    static func text(_ path: String) -> String { String(decoding: self.bytes(path), as: UTF8.self) }
}

/// What kept a test from being run at all, in a sentence.
struct Failure: Error, CustomStringConvertible {
    let description: String
}
