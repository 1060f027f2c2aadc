import Foundation
import Synchronization

/// A command line program, run to its end: `openssl` and `curl` are the second opinion about our TLS and HTTP.
enum Tool {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// - Parameter input: written to standard input, which is then closed.
    static func run(_ arguments: [String], input: String = "", in folder: String = "/tmp") async throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        async let outputText = text(of: output)
        async let errorText = text(of: errors)
        let (read, readErrors) = await (outputText, errorText)
        await onOwnThread { process.waitUntilExit() }
        return Result(status: process.terminationStatus, output: read, errors: readErrors)
    }

    private static func text(of pipe: Pipe) async -> String {
        let handle = pipe.fileHandleForReading
        return await onOwnThread { String(decoding: handle.readDataToEndOfFile(), as: UTF8.self) }
    }

    /// The shared pools have as many threads as processors, which a dozen waiting tools would block.
    private static func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: work()) }
        }
    }
}
