import Foundation

/// A command line tool that gives a second opinion.
///
/// It must be installed: a test without it fails.
struct Tool {
    let path: String

    struct Failure: Error, CustomStringConvertible {
        let tool: String
        let status: Int32
        let output: String
        var description: String { "\(tool) ended with \(status): \(output)" }
    }

    @discardableResult
    func run(_ arguments: [String], in folder: Folder) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: self.path)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(tool: self.path, status: process.terminationStatus, output: output)
        }
        return output
    }

    static let openssl = Tool(path: "/usr/bin/openssl")
    static let xmllint = Tool(path: "/usr/bin/xmllint")
}

/// A temporary folder that is gone when nothing refers to it any more.
final class Folder {
    let url: URL

    init() throws {
        self.url = FileManager.default.temporaryDirectory.appendingPathComponent("shs-\(UUID())")
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: self.url)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: self.url.appendingPathComponent(name))
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: self.url.appendingPathComponent(name)))
    }
}
