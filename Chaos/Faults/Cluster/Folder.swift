import Foundation
import GatewayTestSupport

/// The folder of one run, with everything that its processes write; it and they are gone when this process is gone.
enum Folder {
    /// Makes it, and starts the guard that ends every process with its mark in the environment.
    static func open() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/shs-chaos-\(UUID().uuidString.prefix(8))"
        try self.make(path)
        try ChildProcess.start([
            "/bin/sh", self.repository + "/Tests/GatewayTestSupport/ProcessGuard.sh", path,
            String(ProcessInfo.processInfo.processIdentifier),
        ])
        return path
    }

    /// Where the command is run: the repository's top folder.
    static let repository = FileManager.default.currentDirectoryPath

    /// The mark of a process: the folder of the run that it was started by.
    static func root(of path: String) -> String {
        guard let range = path.firstRange(of: "/shs-chaos-") else { return path }
        let end = path[range.upperBound...].firstIndex(of: "/") ?? path.endIndex
        return String(path[..<end])
    }

    static func make(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    static func write(_ path: String, _ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ClusterFailure("\(path) is not readable")
        }
        return [UInt8](data)
    }
}

/// What kept the run from going on at all, in a sentence.
struct ClusterFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

enum Wait {
    static func until(
        _ what: String, within limit: Duration, every pause: Duration = .milliseconds(50),
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            if ContinuousClock.now > deadline { throw ClusterFailure("waited \(limit) for \(what)") }
            try await Task.sleep(for: pause)
        }
    }
}
