import Foundation
import GatewayTestSupport
import Synchronization

/// A whole gateway as separate processes of the built program, on a virtual host of the private broker.
///
/// Everything that its processes write is below ``folder`` and in the broker's own folder. What a test needs in another way
/// than the last one left it is started again: simulators by behaviour, the other roles by settings.
final class GatewaySystem: Sendable {
    /// What is started.
    struct Plan: Sendable {
        /// Also the virtual host and the folder.
        var name: String
        /// In the order of their start.
        var roles: [Role]
        /// TLS to the broker, and the client certificate as the login.
        var isEncrypted = false
        /// A folder of sets of its own; the PKI's otherwise.
        var sets: String?
        /// A folder with what the simulated authorities hold, `simulators`; the PKI's otherwise.
        var authorities: String?
    }

    private struct State {
        var running: [Role: RunningProgram] = [:]
        /// Ports as the roles have announced them: a role that is started again takes the same.
        var ports: [String: Int] = [:]
        var behaviours: [String] = []
        var settings: [String: String] = [:]
    }

    let plan: Plan
    let pki: PKI
    let broker: PrivateBroker
    let folder: String
    private let program: String
    private let state = Mutex(State())

    init(_ plan: Plan) async throws {
        self.plan = plan
        self.program = try Workspace.program()
        self.pki = try await PKI.shared()
        self.broker = try await TestBroker.shared()
        self.folder = "\(Workspace.folder)/\(plan.name)"
        for name in ["logs", "ports", "tmp"] { Workspace.makeFolder("\(self.folder)/\(name)") }
    }

    var url: String { self.url(of: .ingress) }

    func url(of ingress: Role) -> String { "https://localhost:\(self.port(ingress.prefix + "SHS_PORT"))/shs/rs" }

    func port(_ name: String) -> Int { self.state.withLock { $0.ports[name] ?? 0 } }

    func log(_ role: Role) -> String { "\(self.folder)/logs/\(role.name).log" }

    /// The process of a role that runs.
    func pid(_ role: Role) -> pid_t { self.state.withLock { $0.running[role]?.pid ?? 0 } }

    // MARK: The wanted state

    /// Starts what does not run, and starts again what does not run as wanted.
    ///
    /// - Parameters:
    ///   - behaviours: of the simulators, as `simulate --set` takes them.
    ///   - settings: of ingress and correlator, as environment variables, besides those that every run needs.
    func run(_ behaviours: [String] = ["latency=0ms"], settings: [String: String] = [:]) async throws {
        let (old, oldSettings) = self.state.withLock { state in
            defer { (state.behaviours, state.settings) = (behaviours, settings) }
            return (state.behaviours, state.settings)
        }
        for role in self.plan.roles {
            let isOther =
                switch role.kind {
                case "simulate": old != behaviours
                case "ingress", "correlator", "serve": oldSettings != settings
                default: false
                }
            if isOther { try await self.terminate(role) }
        }
        // The others need the simulators' ports; then all at once, since waiting for one lets the next one work.
        if self.plan.roles.contains(.simulate) { try await self.start(.simulate) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for role in self.plan.roles where role != .simulate { group.addTask { try await self.start(role) } }
            try await group.waitForAll()
        }
        if self.port("HEALTH_PORT") > 0 { try await self.waitUntilReady() }
    }

    /// Starts a role that does not run; returns when it has said that it is ready.
    func start(_ role: Role) async throws {
        if let running = self.state.withLock({ $0.running[role] }) {
            guard let code = running.exitCode else { return }
            throw Failure(description: "\(role.name) has ended by itself with \(code)\n\(self.tail(role))")
        }
        let file = "\(self.folder)/ports/\(role.name)"
        try? FileManager.default.removeItem(atPath: file)
        var command = [self.program] + role.command + ["--config", Workspace.configuration, "--ports-file", file]
        if role == .simulate {
            command += self.state.withLock { $0.behaviours.flatMap { ["--set", $0] } }
        }
        let program = Program(command, environment: self.environment(of: role))
        let running = try program.start(output: self.log(role), errors: self.log(role))
        self.state.withLock { $0.running[role] = running }
        let deadline = ContinuousClock.now + .seconds(60)
        while !FileManager.default.fileExists(atPath: file) {
            if running.exitCode != nil || ContinuousClock.now > deadline {
                throw Failure(description: "\(role.name) did not become ready\n\(self.tail(role))")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        for line in Workspace.text(file).split(separator: "\n") {
            let fields = line.split(separator: "=")
            if fields.count == 2 { self.state.withLock { $0.ports[role.prefix + fields[0]] = Int(fields[1]) } }
        }
    }

    /// Waits until an ingress says that it can take requests.
    func waitUntilReady(_ ingress: Role = .ingress, within limit: Duration = .seconds(30)) async throws {
        let deadline = ContinuousClock.now + limit
        let url = "http://127.0.0.1:\(self.port(ingress.prefix + "HEALTH_PORT"))/ready"
        while try await Program(["curl", "--silent", "--fail", "--noproxy", "*", "--max-time", "2", url]).run().status
            != 0
        {
            if ContinuousClock.now > deadline {
                throw Failure(description: "\(self.plan.name) did not become ready")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: Ends

    /// SIGTERM; its exit code.
    @discardableResult
    func terminate(_ role: Role, within limit: Duration = .seconds(40)) async throws -> Int32 {
        guard let running = self.state.withLock({ $0.running.removeValue(forKey: role) }) else { return 0 }
        running.signal(SIGTERM)
        do {
            return try await running.end(within: limit)
        } catch {
            running.kill()
            throw Failure(description: "\(role.name) did not end within \(limit) of SIGTERM")
        }
    }

    /// SIGKILL; returns when it is gone.
    func kill(_ role: Role) async throws {
        guard let running = self.state.withLock({ $0.running.removeValue(forKey: role) }) else { return }
        running.kill()
        try await running.end(within: .seconds(10))
    }

    /// Ends all roles, the ingress first.
    func stop() async throws {
        for role in self.plan.roles.reversed() { try await self.terminate(role) }
    }

    // MARK: Means

    /// What a role, or a tool, is told besides `Config/gateway.yaml`.
    func environment(of role: Role?) -> [String: String] {
        var environment = [
            "GATEWAY_TEST_FOLDER": Workspace.folder, "TMPDIR": self.folder + "/tmp", "SHS_LOG_LEVEL": "debug",
            "SHS_CERTIFICATES_DIRECTORY": self.plan.sets ?? self.pki.folder,
            "SHS_STATE_DIRECTORY": self.folder + "/state",
            "SHS_AUDIT_DIRECTORY": self.folder + "/record",
            "SHS_AUDIT_PSEUDONYM_KEYS": self.folder + "/pseudonym-keys",
            "SHS_CONTRACT_DIRECTORY": Workspace.repository + "/Config/contracts/ssbtek-10",
            // Beside everything else of this run, so that it goes with it; what a keyring on a disk means is tested elsewhere.
            "SHS_KEYRING_REQUIRE_MEMORY": "false", "SHS_KEYRING_DIRECTORY": self.folder + "/keyring",
            "SHS_AMQP_VIRTUAL_HOST": self.plan.name,
            "SHS_INGRESS_PORT": "\(self.port((role?.prefix ?? "") + "SHS_PORT"))",
            "SHS_HEALTH_PORT": "\(self.port((role?.prefix ?? "") + "HEALTH_PORT"))",
            // A body that stands still is refused after this time, so that the test of it is short.
            "SHS_INGRESS_LIMITS_BODY_GRACE": "1500ms",
        ]
        for provider in Role.providers {
            let port = self.port("\(provider)_PORT")
            environment["SHS_SIMULATE_\(provider)_PORT"] = "\(port)"
            if port > 0 { environment["SHS_PROVIDERS_\(provider)_URL"] = "https://localhost:\(port)/" }
            // A machine that is busy with other tests takes its time for a handshake.
            environment["SHS_PROVIDERS_\(provider)_CONNECT_TIMEOUT"] = "6s"
            environment["SHS_PROVIDERS_\(provider)_CONCURRENCY"] = "32"
            // Base services fail in one test after the other, and the next test wants to hear how.
            environment["SHS_PROVIDERS_\(provider)_BREAKER_FAILURES"] = "10000"
        }
        // The simulated authorities are no part of a set.
        if role == .simulate { environment["SHS_CERTIFICATES_DIRECTORY"] = self.plan.authorities ?? self.pki.folder }
        environment.merge(self.plan.isEncrypted ? self.certificateLogin : self.passwordLogin) { $1 }
        return environment.merging(self.state.withLock { $0.settings }) { $1 }
    }

    private var passwordLogin: [String: String] {
        [
            "SHS_AMQP_HOST": "127.0.0.1", "SHS_AMQP_PORT": "\(self.broker.port)",
            "SHS_AMQP_USER": PrivateBroker.user, "SHS_AMQP_PASSWORD": PrivateBroker.password,
        ]
    }

    private var certificateLogin: [String: String] {
        // Certificate, key and authorities are those of the set.
        [
            "SHS_AMQP_HOST": "localhost", "SHS_AMQP_PORT": "\(self.broker.tlsPort)", "SHS_AMQP_EXTERNAL": "true",
            "SHS_AMQP_TLS_ENABLED": "true",
        ]
    }

    private func tail(_ role: Role) -> String {
        Workspace.text(self.log(role)).split(separator: "\n").suffix(15).joined(separator: "\n")
    }
}
