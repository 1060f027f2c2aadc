import Foundation
import GatewayTestSupport
import Synchronization

/// One node of the RabbitMQ cluster: its folder, its ports, its process.
///
/// It can be killed, paused and started again with its data. Its distribution listens on a port that the other nodes
/// reach through links only; see ``PortMapper``.
final class BrokerNode: Sendable {
    static let user = "gateway"
    static let password = "not-a-secret"
    static let freeDiskLimit = "50MB"
    static let memoryWatermark = "400MB"

    let name: String
    let port: Int
    let distributionPort: Int
    private let folder: String
    private let mapper: PortMapper
    private let running = Mutex<RunningProgram?>(nil)

    init(_ number: Int, of count: Int, in folder: String, cookie: String, mapper: PortMapper) throws {
        self.name = Self.name(number)
        self.folder = "\(folder)/\(self.name)"
        self.mapper = mapper
        let ports = try LoopbackPort.free(2)
        (self.port, self.distributionPort) = (ports[0], ports[1])
        for part in ["home", "data", "log"] { try Folder.make("\(self.folder)/\(part)") }
        try Folder.write("\(self.folder)/home/.erlang.cookie", cookie, mode: 0o400)
        try Folder.write("\(self.folder)/enabled_plugins", "[].\n")
        try Folder.write("\(self.folder)/advanced.config", "[].\n")
        try Folder.write("\(self.folder)/environment.conf", "")
        let peers = (1...count).map { "cluster_formation.classic_config.nodes.\($0) = \(Self.name($0))@localhost" }
        try Folder.write(
            "\(self.folder)/rabbitmq.conf",
            """
            listeners.tcp.1 = 127.0.0.1:\(self.port)
            default_user = \(Self.user)
            default_pass = \(Self.password)
            log.console = false
            log.file.level = info
            vm_memory_high_watermark.absolute = \(Self.memoryWatermark)
            disk_free_limit.absolute = \(Self.freeDiskLimit)
            raft.wal_max_size_bytes = 67108864
            consumer_timeout = 86400000
            cluster_partition_handling = pause_minority
            cluster_formation.peer_discovery_backend = classic_config
            cluster_formation.randomized_startup_delay_range.min = 0
            cluster_formation.randomized_startup_delay_range.max = 1
            \(count > 1 ? peers.joined(separator: "\n") : "")

            """)
    }

    static func name(_ number: Int) -> String { "shs\(number)" }

    // MARK: What can happen to it

    /// Starts it, also after ``kill()``; returns at once.
    func start() throws {
        let program = Program(["/usr/lib/rabbitmq/bin/rabbitmq-server"], environment: self.environment)
        let log = "\(self.folder)/log/start.log"
        let running = try program.start(output: log, errors: log)
        self.running.withLock { $0 = running }
    }

    func waitUntilReady(within limit: Duration = .seconds(120)) async throws {
        try await Wait.until("\(self.name) to answer", within: limit) { LoopbackPort.answersAMQP(self.port) }
    }

    /// SIGKILL; returns when it is gone.
    func kill() async throws {
        guard let running = self.running.withLock({ $0 }) else { return }
        running.kill()
        try await running.end(within: .seconds(20))
    }

    /// SIGSTOP: connections stay open and nobody answers.
    func pause() { self.running.withLock { $0 }?.signal(SIGSTOP) }

    func resume() { self.running.withLock { $0 }?.signal(SIGCONT) }

    /// `rabbitmqctl`; takes a second or two, and is tried again when a node that it asks is just coming or going.
    @discardableResult
    func control(_ arguments: String...) async throws -> String {
        let program = Program(
            ["/usr/lib/rabbitmq/bin/rabbitmqctl", "--quiet", "--timeout", "20", "--node", "\(self.name)@localhost"]
                + arguments,
            environment: self.environment)
        var failure = ""
        for _ in 0..<4 {
            do {
                let output = try await program.run(within: .seconds(45))
                if output.status == 0 { return output.text }
                failure = output.errorText + output.text
            } catch {
                failure = "\(error)"
            }
        }
        throw ClusterFailure("rabbitmqctl \(arguments.joined(separator: " ")) at \(self.name): \(failure)")
    }

    /// The settings that keep it apart from every other broker of the machine.
    private var environment: [String: String] {
        [
            "GATEWAY_TEST_FOLDER": Folder.root(of: self.folder),
            "HOME": "\(self.folder)/home", "RABBITMQ_NODENAME": "\(self.name)@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_NODE_PORT": "\(self.port)",
            "RABBITMQ_DIST_PORT": "\(self.distributionPort)", "RABBITMQ_MNESIA_BASE": "\(self.folder)/data",
            "RABBITMQ_LOG_BASE": "\(self.folder)/log", "RABBITMQ_CONFIG_FILE": "\(self.folder)/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": "\(self.folder)/advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": "\(self.folder)/enabled_plugins",
            "RABBITMQ_CONF_ENV_FILE": "\(self.folder)/environment.conf",
            "RABBITMQ_PID_FILE": "\(self.folder)/broker.pid",
            "RABBITMQ_GENERATED_CONFIG_DIR": "\(self.folder)/generated",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
            // The start script becomes the node itself instead of a parent of it: one process, one number.
            "RUNNING_UNDER_SYSTEMD": "true", "ERL_EPMD_PORT": "\(self.mapper.port)", "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_BYTES": "0",
        ]
    }
}
