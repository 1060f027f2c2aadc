import GatewayTestSupport
import Logging
import Testing

@testable import AMQP

/// Everything that needs a real broker, one test after the other: some of them kill it.
@Suite(.serialized, .enabled(if: PrivateBroker.isAvailable), .timeLimit(.minutes(3)))
struct BrokerTests {}

/// A running connection for the time of one test.
struct Running {
    /// The broker's address, as tests use it.
    static func configuration(_ broker: PrivateBroker) -> AMQPConfiguration {
        var configuration = AMQPConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = broker.port
        configuration.credentials = .password(user: PrivateBroker.user, password: PrivateBroker.password)
        return configuration
    }

    /// Runs one connection, or several, while the body runs; then shuts them down.
    static func connections<Result: Sendable>(
        _ count: Int, to broker: PrivateBroker, topology: Topology = Topology(),
        configure: (inout AMQPConfiguration) -> Void = { _ in },
        _ body: ([AMQPConnection]) async throws -> Result
    ) async throws -> Result {
        var configuration = Self.configuration(broker)
        configure(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let connections = (0..<count).map { _ in
            AMQPConnection(configuration: configuration, topology: topology, logger: logger)
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections { group.addTask { try await connection.run() } }
            defer { group.cancelAll() }
            for connection in connections { try await connection.waitUntilConnected(timeout: .seconds(30)) }
            return try await body(connections)
        }
    }

    static func connection<Result: Sendable>(
        to broker: PrivateBroker, topology: Topology = Topology(),
        configure: (inout AMQPConfiguration) -> Void = { _ in },
        _ body: (AMQPConnection) async throws -> Result
    ) async throws -> Result {
        try await self.connections(1, to: broker, topology: topology, configure: configure) { try await body($0[0]) }
    }
}

/// Waits for something that can be seen; throws when it does not come.
func eventually(
    within limit: Duration = .seconds(20), _ what: Comment, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        if ContinuousClock.now > deadline { throw NotSeen(what: "\(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}

struct NotSeen: Error { let what: String }

extension AMQPConsumer {
    /// The next so many deliveries; other events are passed over.
    func deliveries(_ count: Int) async -> [AMQPDelivery] {
        var deliveries: [AMQPDelivery] = []
        if count == 0 { return [] }
        for await event in self {
            if case .delivery(let delivery) = event { deliveries.append(delivery) }
            if deliveries.count == count { break }
        }
        return deliveries
    }

    /// The next event that is not a delivery.
    func nextNotice() async -> ConsumerEvent? {
        for await event in self {
            if case .delivery = event { continue }
            return event
        }
        return nil
    }
}

extension AMQPMessage {
    init(_ text: String) { self.init(body: Array(text.utf8)) }
    var text: String { String(decoding: self.body, as: UTF8.self) }
}
