import Foundation
import GatewayTestSupport

/// One process of the gateway without a broker: enough for all that it says and does about certificates.
final class LoneProcess: Sendable {
    let folder: String
    let environment: [String: String]
    private let running: RunningProgram

    var log: String { "\(self.folder)/log" }
    private var ports: String { "\(self.folder)/ports" }

    /// - Parameters:
    ///   - sets: its certificates.
    ///   - under: the program that starts it, with its own arguments, when it is not started directly.
    ///   - instant: what its clock says at the start; nil for the real one.
    init(
        _ command: [String] = ["ingress"], under wrapper: [String] = [], sets: String, at instant: Int64? = nil,
        speed: Int = 1, settings: [String: String] = [:]
    ) async throws {
        self.folder = Workspace.folder + "/lone-\(UInt64.random(in: 0 ... .max))"
        Workspace.makeFolder(self.folder)
        self.environment = Self.environment(sets: sets, folder: self.folder).merging(settings) { $1 }
        var command = [try Workspace.program()] + command
        if command.contains("ingress") { command += ["--ports-file", self.folder + "/ports"] }
        command += ["--config", Workspace.configuration]
        if let instant { command = try await FakeClock.server(command, at: instant, speed: speed) }
        self.running = try Program(wrapper + command, environment: self.environment)
            .start(output: self.folder + "/log", errors: self.folder + "/log")
    }

    /// What the gateway's programs are told to work with these certificates.
    static func environment(sets: String, folder: String) -> [String: String] {
        [
            "GATEWAY_TEST_FOLDER": Workspace.folder, "TMPDIR": folder, "TZ": "UTC", "SHS_CERTIFICATES_DIRECTORY": sets,
            "SHS_CERTIFICATES_POLL_EVERY": "100ms", "SHS_STATE_DIRECTORY": folder + "/state",
            "SHS_AUDIT_DIRECTORY": folder + "/record", "SHS_AUDIT_PSEUDONYM_KEYS": folder + "/pseudonym-keys",
            "SHS_KEYRING_DIRECTORY": folder + "/keyring", "SHS_KEYRING_REQUIRE_MEMORY": "false",
            // There is no broker here.
            "SHS_INGRESS_WAIT_FOR_BROKER": "0ms",
            "SHS_AMQP_PORT": "1", "SHS_INGRESS_PORT": "0",
            "SHS_HEALTH_PORT": "0", "SHS_CONTRACT_DIRECTORY": Workspace.repository + "/Config/contracts/ssbtek-10",
        ]
    }

    /// Lines of the log with these words in them.
    func lines(_ words: String...) -> [String] {
        Workspace.text(self.log).split(separator: "\n").map(String.init).filter { line in
            words.allSatisfy(line.contains)
        }
    }

    /// The log's objects with this message.
    func events(_ message: String) throws -> [[String: String]] {
        try self.lines("\"message\":\"\(message)\"").map {
            try JSONDecoder().decode([String: String].self, from: Data($0.utf8))
        }
    }

    /// Waits for what it logs; throws with the whole log when that does not come.
    func wait(within limit: Duration = .seconds(30), for what: String, _ isSo: () async throws -> Bool) async throws {
        do {
            try await eventually(what, within: limit, isSo)
        } catch {
            throw Failure(description: "\(error)\n\(Workspace.text(self.log))")
        }
    }

    /// The port of the SHS endpoint; waits for it.
    func port() async throws -> Int {
        var port = 0
        try await self.wait(for: "the endpoint listens") {
            port = Int(self.value(of: "SHS_PORT") ?? "") ?? 0
            return port > 0
        }
        return port
    }

    private func value(of key: String) -> String? {
        Workspace.text(self.ports).split(separator: "\n").lazy.map { $0.split(separator: "=") }
            .first { $0.first == key[...] }?.last.map(String.init)
    }

    /// The gateway's own process, which `faketime` starts.
    var pid: pid_t {
        let children = Workspace.text("/proc/\(self.running.pid)/task/\(self.running.pid)/children")
        return children.split(separator: " ").first.flatMap { pid_t($0) } ?? self.running.pid
    }

    /// The most memory that it has had so far, in MiB.
    var peakMemory: Int {
        let line = Workspace.text("/proc/\(self.pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
    }

    var hasEnded: Bool { self.running.exitCode != nil }

    /// SIGTERM; its exit code.
    @discardableResult
    func stop() async throws -> Int32 {
        if self.running.exitCode == nil { Foundation.kill(self.pid, SIGTERM) }
        do {
            return try await self.running.end(within: .seconds(40))
        } catch {
            Foundation.kill(self.pid, SIGKILL)
            throw error
        }
    }
}
