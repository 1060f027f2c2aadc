import Foundation
import GatewayTestSupport
import Synchronization

/// One process of the gateway: it can be killed, paused, ended and started again where it was.
final class Member: Sendable {
    enum Role: String, Sendable, CaseIterable { case ingress, worker, correlator, simulate }

    let role: Role
    let name: String
    private let program: String
    private let arguments: [String]
    private let environment: [String: String]
    private let folder: String
    private let state = Mutex(State())

    private struct State {
        var running: RunningProgram?
        /// When it was last ended, killed or paused by us, and when it was whole again.
        var disturbed: ContinuousClock.Instant?
        var whole: ContinuousClock.Instant?
        var isStarting = false
    }

    init(
        _ role: Role, name: String, program: String, arguments: [String], environment: [String: String], folder: String
    ) {
        self.role = role
        self.name = name
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    var log: String { "\(self.folder)/logs/\(self.name).log" }

    private var portsFile: String { "\(self.folder)/ports/\(self.name)" }

    /// A port that it has bound and announced.
    func port(_ key: String) -> Int {
        guard let text = try? String(contentsOfFile: self.portsFile, encoding: .utf8) else { return 0 }
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(key)=") }
        return line.flatMap { Int($0.dropFirst(key.count + 1)) } ?? 0
    }

    /// Starts it; returns when it says that it is ready, and, for an ingress, when `isHealthy` says so too.
    func start(within limit: Duration = .seconds(90), until isHealthy: () async throws -> Bool = { true }) async throws
    {
        self.state.withLock { $0.isStarting = true }
        try? FileManager.default.removeItem(atPath: self.portsFile)
        let command =
            [self.program, self.role.rawValue, "--config", "\(Folder.repository)/Config/gateway.yaml"]
            + ["--ports-file", self.portsFile] + self.arguments
        let running = try Program(command, environment: self.environment).start(output: self.log, errors: self.log)
        self.state.withLock { $0.running = running }
        try await Wait.until("\(self.name) to become ready", within: limit, every: .milliseconds(20)) {
            if let code = running.exitCode { throw ClusterFailure("\(self.name) ended with \(code), see \(self.log)") }
            return FileManager.default.fileExists(atPath: self.portsFile)
        }
        try await Wait.until("\(self.name) to be healthy", within: limit, every: .milliseconds(100), isHealthy)
        self.state.withLock { ($0.whole, $0.isStarting) = (.now, false) }
    }

    /// What a balancer's health check knows: one that has just been started is not asked before it says that it is ready.
    var isStarting: Bool { self.state.withLock { $0.isStarting } }

    /// SIGKILL; returns when it is gone.
    func kill() async throws {
        let running = self.state.withLock { state in
            (state.disturbed, state.whole) = (.now, nil)
            return state.running
        }
        running?.kill()
        try await running?.end(within: .seconds(20))
    }

    /// SIGTERM; its exit code.
    @discardableResult
    func terminate(within limit: Duration = .seconds(60)) async throws -> Int32 {
        let running = self.state.withLock { state in
            (state.disturbed, state.whole) = (.now, nil)
            return state.running
        }
        guard let running else { return 0 }
        running.signal(SIGTERM)
        return try await running.end(within: limit)
    }

    /// SIGSTOP.
    func pause() {
        let running = self.state.withLock { state in
            (state.disturbed, state.whole) = (.now, nil)
            return state.running
        }
        running?.signal(SIGSTOP)
    }

    /// SIGCONT.
    func resume() {
        let running = self.state.withLock { state in
            state.whole = .now
            return state.running
        }
        running?.signal(SIGCONT)
    }

    /// Whether we did something to it at or after this moment, or had not put it right by then.
    func wasDisturbed(since moment: ContinuousClock.Instant) -> Bool {
        self.state.withLock { state in
            guard let disturbed = state.disturbed else { return false }
            guard let whole = state.whole else { return true }
            return disturbed >= moment || whole >= moment
        }
    }

    /// It ended although nobody asked it to.
    var hasCrashed: Bool {
        self.state.withLock { $0.whole != nil && $0.running?.exitCode != nil }
    }
}
