import GatewayTestSupport
import Testing

@testable import AMQP

extension BrokerTests {
    /// A broker that dies, hangs or runs full.
    ///
    /// Each test leaves it as it was.
    @Suite struct DisturbanceTests {
        @Test func `after the broker was killed everything goes on, and what was outstanding failed once`() async throws
        {
            let broker = try await PrivateBroker.shared()
            let topology = Topology(
                exchanges: [ExchangeDeclaration(name: "lost.in", kind: .direct, isDurable: false)],
                queues: [
                    QueueDeclaration(name: "lost.kept"),
                    QueueDeclaration(name: "lost.gone", kind: .classic, isDurable: false),
                ],
                bindings: [BindingDeclaration(exchange: "lost.in", queue: "lost.gone", routingKey: "k")])
            try await Running.connection(to: broker, topology: topology) { connection in
                try await connection.publish(AMQPMessage("held"), exchange: "", routingKey: "lost.kept")
                let consumer = connection.consume(queue: "lost.kept", prefetch: 10)
                let held = try #require(await consumer.deliveries(1).first)
                // RabbitMQ 3.10 writes the names of new quorum queues to disk every few seconds only; a kill before that
                // leaves the queue without its log, and without a leader for ever.
                try await broker.control("eval", "[dets:sync(Table) || Table <- dets:all()].")

                // Nobody answers while the broker is paused, so these are outstanding when it dies.
                broker.pause()
                async let answers = connection.publishAll(
                    (0..<50).map { AMQPPublication(AMQPMessage("\($0)"), exchange: "lost.in", routingKey: "k") })
                try await eventually("fifty on the way") { connection.statistics.published == 51 }
                try await broker.kill()
                let results = await answers
                #expect(results.count == 50)
                #expect(results.allSatisfy { $0.error?.code == .connectionLost && $0.error?.isRetriable == true })
                #expect(connection.statistics.unanswered == 50)
                #expect(!connection.isConnected)
                await #expect(throws: AMQPError(.notConnected, operation: "basic.publish")) {
                    try await connection.publish(AMQPMessage("x"), exchange: "", routingKey: "lost.kept")
                }
                guard case .deliveriesLost(let reason)? = await consumer.nextNotice() else {
                    Issue.record("the consumer was not told")
                    return
                }
                #expect(reason.code == .connectionLost)

                try await broker.startAgain()
                try await connection.waitUntilConnected(timeout: .seconds(20))
                // Durable or not, the topology is there again, and so is the consumer.
                try await connection.publish(AMQPMessage("new"), exchange: "lost.in", routingKey: "k")
                let again = try #require(await consumer.deliveries(1).first)
                #expect(again.message.text == "held" && again.tag != held.tag)
                connection.settle(held, .acknowledge)
                connection.settle(again, .acknowledge)
                try await eventually("one stale settlement") { connection.statistics.staleSettlements == 1 }
                #expect(connection.statistics.connects == 2)
                #expect(connection.statistics.connectionLosses == 1)
                for queue in ["lost.kept", "lost.gone"] { try await connection.delete(queue: queue) }
            }
        }

        @Test func `a broker without memory blocks publishers, and that is seen at once`() async throws {
            let broker = try await PrivateBroker.shared()
            let topology = Topology(queues: [QueueDeclaration(name: "blocked")])
            try await Running.connection(to: broker, topology: topology) { connection in
                try await broker.control("set_vm_memory_high_watermark", "absolute", "1MB")
                // The broker says so when the first message comes; that one may be confirmed late or never.
                async let first: Void? = try? connection.publish(AMQPMessage("1"), exchange: "", routingKey: "blocked")
                try await eventually("blocked") { connection.isBlocked }
                #expect(connection.isConnected)
                await #expect(throws: AMQPError(.blocked, operation: "basic.publish")) {
                    try await connection.publish(AMQPMessage("2"), exchange: "", routingKey: "blocked")
                }
                try await broker.control("set_vm_memory_high_watermark", "absolute", "512MB")
                try await eventually("unblocked") { !connection.isBlocked }
                try await connection.publish(AMQPMessage("3"), exchange: "", routingKey: "blocked")
                _ = await first
                #expect(connection.statistics.connects == 1)
                try await connection.delete(queue: "blocked")
            }
        }

        @Test func `a broker that stands still is noticed by its heartbeats`() async throws {
            let broker = try await PrivateBroker.shared()
            try await Running.connection(to: broker, configure: { $0.heartbeat = .seconds(1) }) { connection in
                // Idle for several heartbeats: ours keep the connection, the broker ends silent ones after two.
                try await Task.sleep(for: .seconds(5))
                #expect(connection.statistics.connects == 1)
                #expect(connection.isConnected)
                broker.pause()
                defer { broker.resume() }
                let paused = ContinuousClock.now
                try await eventually("the loss") { !connection.isConnected }
                #expect(ContinuousClock.now - paused < .seconds(4))
                broker.resume()
                try await connection.waitUntilConnected(timeout: .seconds(20))
                #expect(connection.statistics.connects == 2)
            }
        }

        @Test func `a confirm that does not come in time is reported, and its late arrival is harmless`() async throws {
            let broker = try await PrivateBroker.shared()
            let topology = Topology(queues: [QueueDeclaration(name: "slow")])
            try await Running.connection(
                to: broker, topology: topology, configure: { $0.confirmTimeout = .milliseconds(300) }
            ) { connection in
                broker.pause()
                await #expect(throws: AMQPError(.confirmTimedOut, operation: "basic.publish")) {
                    try await connection.publish(AMQPMessage("x"), exchange: "", routingKey: "slow")
                }
                broker.resume()
                try await eventually("the next one is confirmed") {
                    (try? await connection.publish(AMQPMessage("y"), exchange: "", routingKey: "slow")) != nil
                }
                #expect(connection.statistics.connects == 1)
                try await connection.delete(queue: "slow")
            }
        }
    }
}
