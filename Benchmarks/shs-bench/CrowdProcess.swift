import Foundation

/// The ``Crowd`` as seen by who measures.
///
/// Its machines are in truth its own. Here it shares a processor with others, with the gateway where there is only one, so it
/// gets that only while nobody else wants it; whether it could send what it was to send is in the figures.
final class CrowdProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    /// Read and not yet asked for.
    private var unread = Data()
    /// Its number, once it is prepared.
    private(set) var pid: Int32 = 0

    /// Starts this program once more, as the crowd.
    init() throws {
        self.process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        self.process.arguments = ["setsid", "--wait", "nice", "-n", "19"] + CommandLine.arguments + ["--crowd"]
        self.process.standardInput = self.input
        self.process.standardOutput = self.output
        try self.process.run()
    }

    /// Returns when it can start.
    func prepare(_ plan: Crowd.Plan) throws {
        try self.send(plan)
        self.pid = try JSONDecoder().decode(Int32.self, from: self.line())
    }

    func start(at moment: ContinuousClock.Instant) throws { try self.send(moment) }

    /// Waits until all its requests have their responses.
    func result() throws -> PartyResult { try JSONDecoder().decode(PartyResult.self, from: self.line()) }

    func end() throws {
        try self.input.fileHandleForWriting.close()
        self.process.waitUntilExit()
    }

    private func send(_ value: some Encodable) throws {
        try self.input.fileHandleForWriting.write(contentsOf: try JSONEncoder().encode(value) + Data("\n".utf8))
    }

    private func line() throws -> Data {
        while true {
            if let end = self.unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { self.unread = Data(self.unread[(end + 1)...]) }
                return Data(self.unread[..<end])
            }
            let more = self.output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw BenchEnvironment.Missing(description: "the crowd's process has ended") }
            self.unread += more
        }
    }
}
