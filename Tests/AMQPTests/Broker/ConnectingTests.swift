import GatewayTestSupport
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct ConnectingTests {
        private static func tls(_ broker: PrivateBroker) -> AMQPConfiguration {
            var configuration = Running.configuration(broker)
            configuration.host = "localhost"
            configuration.port = broker.tlsPort
            configuration.credentials = .external
            configuration.tls = AMQPTLSFiles(
                certificateAuthorities: broker.pki.authority, certificate: broker.pki.clientCertificate,
                privateKey: broker.pki.clientKey)
            return configuration
        }

        @Test func `a client certificate is enough to get in, and messages of several frames pass`() async throws {
            let broker = try await PrivateBroker.shared()
            let topology = Topology(queues: [QueueDeclaration(name: "tls")])
            try await Running.connection(to: broker, topology: topology, configure: { $0 = Self.tls(broker) }) {
                connection in
                let bodies = (0..<20).map { [UInt8](repeating: UInt8($0), count: 100_000 * ($0 % 4 + 1)) }
                let consumer = connection.consume(queue: "tls", prefetch: 3)
                async let results = connection.publishAll(
                    bodies.map { AMQPPublication(AMQPMessage(body: $0), exchange: "", routingKey: "tls") })
                for body in bodies {
                    let delivery = try #require(await consumer.deliveries(1).first)
                    #expect(delivery.message.body == body)
                    connection.settle(delivery, .acknowledge)
                }
                #expect(await results.allSatisfy { $0.error == nil })
                try await connection.delete(queue: "tls")
            }
        }

        /// Runs until the first attempt has failed; gives its error.
        private static func refusal(
            _ configuration: AMQPConfiguration, topology: Topology = Topology()
        ) async throws -> AMQPError {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let connection = AMQPConnection(configuration: configuration, topology: topology, logger: logger)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await connection.run() }
                defer { group.cancelAll() }
                try await eventually("an answer") { connection.isConnected || connection.status.lastError != nil }
                return try #require(connection.status.lastError)
            }
        }

        @Test func `a client certificate of another CA is refused`() async throws {
            let broker = try await PrivateBroker.shared()
            var configuration = Self.tls(broker)
            configuration.tls?.certificate = broker.pki.strangerCertificate
            configuration.tls?.privateKey = broker.pki.strangerKey
            #expect([.tlsFailed, .connectFailed].contains(try await Self.refusal(configuration).code))
        }

        @Test func `a broker whose certificate is of no trusted CA is refused`() async throws {
            let broker = try await PrivateBroker.shared()
            var configuration = Self.tls(broker)
            configuration.tls?.certificateAuthorities = broker.pki.strangerCertificate
            #expect(try await Self.refusal(configuration).code == .tlsFailed)
        }

        @Test func `a broker under another name than its certificate's is refused`() async throws {
            let broker = try await PrivateBroker.shared()
            var configuration = Self.tls(broker)
            configuration.host = "127.0.0.1"
            #expect(try await Self.refusal(configuration).code == .tlsFailed)
        }

        @Test func `files that are not there are a TLS failure, not a crash`() async throws {
            let broker = try await PrivateBroker.shared()
            var configuration = Self.tls(broker)
            configuration.tls?.privateKey = "/nowhere.pem"
            #expect(try await Self.refusal(configuration).code == .tlsFailed)
        }

        @Test func `a wrong password is told apart from an absent broker`() async throws {
            let broker = try await PrivateBroker.shared()
            var configuration = Running.configuration(broker)
            configuration.credentials = .password(user: PrivateBroker.user, password: "wrong")
            let refused = try await Self.refusal(configuration)
            #expect(refused.code == .authenticationRefused && refused.replyCode == 403)
            #expect(!"\(refused)".contains("wrong"))
            configuration.port = try LoopbackPort.free(1)[0]
            #expect(try await Self.refusal(configuration).code == .connectFailed)
        }

        @Test func `a topology that contradicts the broker's is named and never half connected`() async throws {
            let broker = try await PrivateBroker.shared()
            let topology = Topology(queues: [QueueDeclaration(name: "connect.conflict", maximumLength: 5)])
            try await Running.connection(to: broker, topology: topology) { connection in
                var other = topology
                other.queues[0].maximumLength = 6
                let refused = try await Self.refusal(Running.configuration(broker), topology: other)
                #expect(refused.code == .requestRefused && refused.replyCode == 406)
                #expect(refused.detail?.contains("connect.conflict") == true)
                // Asked for on a running connection, it costs nothing else.
                await #expect { try await connection.declare(other) } throws: {
                    ($0 as? AMQPError)?.code == .requestRefused
                }
                #expect(connection.statistics.connects == 1)
                try await connection.delete(queue: "connect.conflict")
            }
        }

        @Test func `graceful shutdown waits for confirms and settlements, then everyone knows`() async throws {
            let broker = try await PrivateBroker.shared()
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let topology = Topology(queues: [QueueDeclaration(name: "connect.shutdown")])
            let connection = AMQPConnection(
                configuration: Running.configuration(broker), topology: topology, logger: logger)
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await connection.run() }
                    try await connection.waitUntilConnected(timeout: .seconds(10))
                    try await connection.publish(AMQPMessage("1"), exchange: "", routingKey: "connect.shutdown")
                    let consumer = connection.consume(queue: "connect.shutdown", prefetch: 1)
                    let held = try #require(await consumer.deliveries(1).first)
                    async let outstanding = connection.publishAll(
                        (0..<500).map {
                            AMQPPublication(AMQPMessage("\($0)"), exchange: "", routingKey: "connect.shutdown")
                        })
                    try await eventually("the first of them") { connection.statistics.published > 1 }
                    trigger.triggerGracefulShutdown()
                    #expect(await outstanding.allSatisfy { $0.error == nil })
                    // The subscription ends by itself; what is held can still be settled.
                    #expect(await consumer.deliveries(1).isEmpty)
                    connection.settle(held, .acknowledge)
                    try await group.waitForAll()
                }
            }
            #expect(connection.status.isStopped)
            await #expect(throws: AMQPError(.shutDown, operation: "basic.publish")) {
                try await connection.publish(AMQPMessage("x"), exchange: "", routingKey: "connect.shutdown")
            }
            await #expect(throws: AMQPError.self) { try await connection.waitUntilConnected(timeout: .seconds(10)) }
            #expect(await connection.consume(queue: "connect.shutdown", prefetch: 1).deliveries(1).isEmpty)
            await #expect(throws: AMQPError.self) { try await connection.run() }
            try await Running.connection(to: broker) { other in
                #expect(try await other.inspect(queue: "connect.shutdown").readyMessages == 500)
                try await other.delete(queue: "connect.shutdown")
            }
        }

        @Test func `shutdown does not wait for a broker that is not there`() async throws {
            var configuration = AMQPConfiguration()
            configuration.host = "127.0.0.1"
            configuration.port = try LoopbackPort.free(1)[0]
            configuration.backOffMinimum = .seconds(60)
            configuration.backOffMaximum = .seconds(60)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let connection = AMQPConnection(configuration: configuration, logger: logger)
            let started = ContinuousClock.now
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await connection.run() }
                    try await eventually("a failed attempt") { connection.status.lastError != nil }
                    await #expect(throws: AMQPError.self) {
                        try await connection.waitUntilConnected(timeout: .milliseconds(10))
                    }
                    trigger.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
            #expect(ContinuousClock.now - started < .seconds(10))
        }
    }
}
