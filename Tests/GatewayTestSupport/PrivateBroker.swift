import Foundation

/// A RabbitMQ node of our own: on loopback, on free ports, with its data in a temporary folder.
///
/// It ends with the test process, also when that is killed: a guard process watches its pid. It can be killed, paused
/// and started again to see what the client does about it. The user is `gateway`, the TLS listener takes client
/// certificates of its own CA (SASL EXTERNAL, the common name is the user).
package final class PrivateBroker: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package static let user = "gateway"
    package static let password = "not-a-secret"

    /// False when the broker is not installed, or not wanted (`GATEWAY_BROKER_TESTS=0`).
    package static let isAvailable =
        ProcessInfo.processInfo.environment["GATEWAY_BROKER_TESTS"] != "0"
        && FileManager.default.isExecutableFile(atPath: "/usr/lib/rabbitmq/bin/rabbitmq-server")

    private static let sharedTask = Task { try await PrivateBroker.start() }

    static let temporaryFolder = FileManager.default.temporaryDirectory.path

    /// The one of this test process.
    package static func shared() async throws -> PrivateBroker { try await self.sharedTask.value }

    package let folder: String
    package let port: Int
    package let tlsPort: Int
    package let pki: BrokerPKI
    /// What its cluster has in common: the port of the mapper that knows the nodes, and their shared secret.
    private let mapperPort: Int
    private let cookie: String

    /// Takes about six seconds.
    ///
    /// - Parameters:
    ///   - pki: certificates for its TLS listener; nil makes some.
    ///   - peer: a node to make a cluster with, to be stopped after this one; nil makes one of its own.
    package static func start(pki: BrokerPKI? = nil, joining peer: PrivateBroker? = nil) async throws -> PrivateBroker {
        let folder = self.temporaryFolder + "/private-broker-\(UUID().uuidString.prefix(8))"
        let broker = try await PrivateBroker(folder: folder, pki: pki ?? peer?.pki, peer: peer)
        try ChildProcess.start(
            broker.scriptCommand("guard", [String(ProcessInfo.processInfo.processIdentifier)]))
        try await broker.startAgain()
        return broker
    }

    private init(folder: String, pki: BrokerPKI?, peer: PrivateBroker?) async throws {
        let ports = try LoopbackPort.free(4)
        (self.folder, self.port, self.tlsPort) = (folder, ports[0], ports[1])
        (self.mapperPort, self.cookie) = (peer?.mapperPort ?? ports[3], peer?.cookie ?? UUID().uuidString)
        for name in ["home", "data", "log", "tls"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        if let pki {
            self.pki = pki
        } else {
            self.pki = try await BrokerPKI(folder: folder + "/tls", clientName: Self.user)
        }
        try self.write("home/.erlang.cookie", self.cookie)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o400], ofItemAtPath: "\(folder)/home/.erlang.cookie")
        try self.write("enabled_plugins", "[rabbitmq_auth_mechanism_ssl].\n")
        try self.write("environment-extra.conf", "")
        try self.write("advanced.config", "[].\n")
        try self.write(
            "rabbitmq.conf",
            """
            listeners.tcp.default = 127.0.0.1:\(ports[0])
            listeners.ssl.default = 127.0.0.1:\(ports[1])
            ssl_options.cacertfile = \(self.pki.authority)
            ssl_options.certfile = \(self.pki.serverCertificate)
            ssl_options.keyfile = \(self.pki.serverKey)
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = true
            auth_mechanisms.1 = PLAIN
            auth_mechanisms.2 = EXTERNAL
            ssl_cert_login_from = common_name
            default_user = \(Self.user)
            default_pass = \(Self.password)
            disk_free_limit.absolute = 50MB
            vm_memory_high_watermark.absolute = 512MB
            log.file.level = warning
            \(peer.map { Self.formation([$0.nodeName, Self.nodeName(port: ports[0])]) } ?? "")
            """)
        try self.write(
            "environment",
            """
            HOME=\(folder)/home
            RABBITMQ_NODENAME=\(Self.nodeName(port: ports[0]))
            RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
            RABBITMQ_NODE_PORT=\(ports[0])
            RABBITMQ_DIST_PORT=\(ports[2])
            RABBITMQ_MNESIA_BASE=\(folder)/data
            RABBITMQ_LOG_BASE=\(folder)/log
            RABBITMQ_CONFIG_FILE=\(folder)/rabbitmq.conf
            RABBITMQ_ADVANCED_CONFIG_FILE=\(folder)/advanced.config
            RABBITMQ_ENABLED_PLUGINS_FILE=\(folder)/enabled_plugins
            RABBITMQ_CONF_ENV_FILE=\(folder)/environment-extra.conf
            RABBITMQ_GENERATED_CONFIG_DIR=\(folder)/data/config
            RABBITMQ_PID_FILE=\(folder)/broker.pid
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
            ERL_EPMD_PORT=\(self.mapperPort)
            ERL_EPMD_ADDRESS=127.0.0.1

            """)
    }

    private static func nodeName(port: Int) -> String { "test\(port)@localhost" }

    private var nodeName: String { Self.nodeName(port: self.port) }

    private static func formation(_ nodes: [String]) -> String {
        (["cluster_formation.peer_discovery_backend = classic_config"]
            + nodes.enumerated().map { "cluster_formation.classic_config.nodes.\($0 + 1) = \($1)" })
            .joined(separator: "\n")
    }

    // MARK: What can happen to a broker

    /// Starts it, also after `kill`, and returns when it answers.
    package func startAgain() async throws {
        try await self.script("start", [])
        try await self.wait(seconds: 60) { LoopbackPort.answersAMQP(self.port) && self.pid != nil }
    }

    /// SIGKILL: what is not on disk is gone.
    package func kill() async throws {
        guard let pid = self.pid else { throw Failure(description: "the broker does not run") }
        Foundation.kill(pid, SIGKILL)
        try await self.wait(seconds: 10) { Foundation.kill(pid, 0) != 0 }
    }

    /// SIGSTOP: connections stay open and nobody answers.
    package func pause() { if let pid = self.pid { Foundation.kill(pid, SIGSTOP) } }

    package func resume() { if let pid = self.pid { Foundation.kill(pid, SIGCONT) } }

    /// Ends it and removes its folder; the guard does the same when the test process ends.
    package func stop() async throws { try await self.script("stop", []) }

    /// `rabbitmqctl`; takes a second or two.
    @discardableResult
    package func control(_ arguments: String...) async throws -> String {
        try await self.script("control", arguments)
    }

    private var pid: pid_t? {
        (try? String(contentsOfFile: "\(self.folder)/broker.pid", encoding: .utf8))
            .flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    // MARK: Means

    private func wait(seconds: Int, until condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !condition() {
            if ContinuousClock.now > deadline {
                throw Failure(description: "the broker did not do as expected within \(seconds) s: \(self.folder)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(self.folder)/\(name)"))
    }

    @discardableResult
    private func script(_ verb: String, _ arguments: [String]) async throws -> String {
        try await ChildProcess.run(self.scriptCommand(verb, arguments))
    }

    private func scriptCommand(_ verb: String, _ arguments: [String]) -> [String] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/PrivateBroker.sh"
        return ["/bin/sh", script, verb, self.folder] + arguments
    }
}
