import Foundation
import Testing

/// Runs a command line tool: the generator of the PKI, and openssl as the second opinion.
struct Tool {
    struct Output {
        let status: Int32
        let standardOutput: [UInt8]
        let errorText: String

        var succeeded: Bool { self.status == 0 }
        var text: String { String(decoding: self.standardOutput, as: UTF8.self) }
    }

    /// The repository that this file belongs to.
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @discardableResult
    static func run(_ arguments: [String]) throws -> Output {
        // Files instead of pipes: a full pipe would stop the tool.
        let folder = try TemporaryFolder()
        let status = try Self.spawn(arguments, output: folder.file("output"), errors: folder.file("errors"))
        return Output(
            status: status, standardOutput: try folder.read("output"),
            errorText: String(decoding: try folder.read("errors"), as: UTF8.self))
    }

    /// Not Foundation's `Process`, which now and then leaks 32 bytes (Swift 6.3.1): the address sanitizer run would
    /// fail.
    private static func spawn(_ arguments: [String], output: String, errors: String) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT, 0o600)
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let error = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &pointers, environ)
        try #require(error == 0, "\(arguments[0]) cannot be started")
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        // The exit status, or the signal that ended it.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : status & 0x7F
    }

    /// Runs openssl and expects it to succeed.
    @discardableResult
    static func openssl(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> Output {
        let output = try Self.run(["openssl"] + arguments)
        try #require(output.succeeded, "openssl: \(output.errorText)", sourceLocation: sourceLocation)
        return output
    }
}

/// A folder that goes when its owner goes.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.appending(path: "trust-tests-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func file(_ name: String) -> String { "\(self.path)/\(name)" }

    func read(_ name: String) throws -> [UInt8] { try readBytes(self.file(name)) }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: self.file(name)))
        return self.file(name)
    }
}

/// Not `Data(contentsOf:)`, which leaks a buffer for every empty file (Swift 6.3.1): the address sanitizer run would
/// fail.
func readBytes(_ path: String) throws -> [UInt8] {
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? file.close() }
    return [UInt8](try file.readToEnd() ?? Data())
}

/// Seconds since 1970; fixtures are made for the day of the test run.
func now() -> Int64 { Int64(Date().timeIntervalSince1970) }
let day: Int64 = 86_400
