import AMQP
import AMQPTransport
import Foundation
import GatewayTestSupport
import Logging
import ServiceLifecycle

/// A virtual host of its own on this suite's broker, so that tests with other limits do not meet.
struct BrokerHost {
    let name: String
    let broker: PrivateBroker

    private static let names = [
        "declare", "poison", "expiry", "orderly", "abrupt", "renewal", "standby", "refused", "slow", "latest", "ended",
        "lanes", "bulkheads",
    ]

    private static let brokerTask = Task {
        let broker = try await PrivateBroker.start()
        let definitions: [String: [[String: String]]] = [
            "vhosts": Self.names.map { ["name": $0] },
            "permissions": Self.names.map {
                ["user": PrivateBroker.user, "vhost": $0, "configure": ".*", "write": ".*", "read": ".*"]
            },
        ]
        let file = broker.folder + "/definitions.json"
        try JSONEncoder().encode(definitions).write(to: URL(filePath: file))
        try await broker.control("import_definitions", file)
        return broker
    }

    static func named(_ name: String) async throws -> BrokerHost {
        BrokerHost(name: name, broker: try await self.brokerTask.value)
    }

    /// - Parameter isShared: one connection for both directions, as a worker has it.
    func connections(_ topology: Topology, role: String, isShared: Bool = false) -> BrokerConnections {
        self.connections(self.configuration, topology, role: role, isShared: isShared)
    }

    func connections(
        _ configuration: AMQPConfiguration, _ topology: Topology, role: String, isShared: Bool = false
    ) -> BrokerConnections {
        isShared
            ? BrokerConnections.shared(configuration: configuration, topology: topology, role: role)
            : BrokerConnections(configuration: configuration, topology: topology, role: role)
    }

    /// With a password.
    var configuration: AMQPConfiguration {
        var configuration = AMQPConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = self.broker.port
        configuration.virtualHost = self.name
        configuration.credentials = .password(user: PrivateBroker.user, password: PrivateBroker.password)
        return configuration
    }

    /// With a client certificate.
    func configuration(certificate: String, key: String) -> AMQPConfiguration {
        var configuration = self.configuration
        configuration.host = "localhost"
        configuration.port = self.broker.tlsPort
        configuration.credentials = .external
        configuration.tls = AMQPTLSFiles(
            certificateAuthorities: self.broker.pki.authority, certificate: certificate, privateKey: key)
        return configuration
    }

    /// With another certificate of the same user, that `rabbitmqctl` shows by its organisation.
    func configuration(organisation: String) async throws -> AMQPConfiguration {
        let authority = self.broker.pki.authority
        let path = "\(self.broker.folder)/tls/\(self.name)-\(organisation)"
        try await ChildProcess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2", "-subj", "/O=\(organisation)/CN=\(PrivateBroker.user)", "-addext",
                "basicConstraints=critical,CA:FALSE", "-CA", authority, "-CAkey",
                authority.replacing(".pem", with: "-key.pem"), "-keyout", "\(path)-key.pem", "-out", "\(path).pem",
            ])
        return self.configuration(certificate: "\(path).pem", key: "\(path)-key.pem")
    }

    /// One line per connection of this virtual host: the subject of its client certificate.
    func peers() async throws -> [String] {
        let output = try await self.broker.control("-q", "list_connections", "vhost", "peer_cert_subject")
        return output.split(separator: "\n").filter { $0.hasPrefix(self.name + "\t") }
            .map { String($0.dropFirst(self.name.count + 1)) }
    }
}

/// Services that run as a process's do, until they are stopped or cancelled.
struct RunningServices {
    private let group: ServiceGroup
    private let task: Task<Void, any Error>

    init(_ services: [any Service]) {
        let group = ServiceGroup(services: services, logger: Logger(label: "test"))
        self.group = group
        self.task = Task { try await group.run() }
    }

    func stop() async throws {
        await self.group.triggerGracefulShutdown()
        try await self.task.value
    }

    /// As when the process ends in the middle: connections are closed without a word.
    func cancel() async {
        self.task.cancel()
        _ = await self.task.result
    }
}

/// A receiving loop as a service.
struct Receiving: Service {
    private let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
    }

    func run() async throws { try await self.body() }
}
