import GatewayTestSupport
import Logging
import ServiceLifecycleTestKit
import Testing

@testable import AMQP

extension BrokerTests {
    /// Connections that make room for others.
    @Suite struct RetiringTests {
        private static let prompt: Duration = .seconds(5)

        @Test func `a retired connection takes the answers to what it holds and nothing else, then it closes`()
            async throws
        {
            let topology = Topology(queues: [QueueDeclaration(name: "retire.in"), QueueDeclaration(name: "retire.out")])
            try await Running.connections(2, to: .shared(), topology: topology) { connections in
                let (old, other) = (connections[0], connections[1])
                for text in ["1", "2"] {
                    try await other.publish(AMQPMessage(text), exchange: "", routingKey: "retire.in")
                }
                let consumer = old.consume(queue: "retire.in", prefetch: 10)
                let held = await consumer.deliveries(2)
                async let outstanding = old.publishAll(
                    (0..<200).map { AMQPPublication(AMQPMessage("\($0)"), exchange: "", routingKey: "retire.out") })
                try await eventually("the first of them") { old.statistics.published > 0 }
                old.retire()
                #expect(await outstanding.allSatisfy { $0.error == nil })
                await #expect(throws: AMQPError(.shutDown, operation: "basic.publish")) {
                    try await old.publish(AMQPMessage("new"), exchange: "", routingKey: "retire.out")
                }
                #expect(await old.consume(queue: "retire.in", prefetch: 1).deliveries(1).isEmpty)
                // The subscription has ended; what is here can be answered and settled.
                #expect(await consumer.deliveries(1).isEmpty)
                #expect(old.isConnected)
                try await old.publish(
                    AMQPMessage("answer"), exchange: "", routingKey: "retire.out", acknowledging: held[0])
                old.settle(held[1], .acknowledge)
                try await eventually(within: Self.prompt, "the end") { old.status.isStopped }
                #expect(old.statistics.settled == 2 && old.statistics.staleSettlements == 0)
                #expect(try await other.inspect(queue: "retire.in") == .init(readyMessages: 0, consumers: 0))
                #expect(try await other.inspect(queue: "retire.out").readyMessages == 201)
                for queue in topology.queues { try await other.delete(queue: queue.name) }
            }
        }

        @Test func `what hands back keeps the settlements from before and gives the rest on in order`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "retire.back", hasSingleActiveConsumer: true)])
            try await Running.connections(2, to: .shared(), topology: topology) { connections in
                let (old, next) = (connections[0], connections[1])
                let first = old.consume(queue: "retire.back", prefetch: 100, handsBack: true)
                try await eventually("the first consumer") {
                    try await next.inspect(queue: "retire.back").consumers == 1
                }
                let second = next.consume(queue: "retire.back", prefetch: 100, handsBack: true)
                for text in 0..<20 {
                    try await next.publish(AMQPMessage("\(text)"), exchange: "", routingKey: "retire.back")
                }
                let held = await first.deliveries(15)
                old.acknowledge([held[0], held[1], held[7]])
                old.retire()
                let rest = await second.deliveries(17)
                #expect(rest.map(\.message.text) == (2..<20).filter { $0 != 7 }.map(String.init))
                #expect(await first.deliveries(1).isEmpty)
                try await eventually(within: Self.prompt, "the end") { old.status.isStopped }
                #expect(old.statistics.staleSettlements == 0)
                next.acknowledge(rest)
                try await eventually("an empty queue") { next.statistics.settled == 17 }
                try await next.delete(queue: "retire.back")
            }
        }

        @Test(arguments: [true, false])
        func `what is settled in the moment of the retirement is settled`(handsBack: Bool) async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "retire.moment", kind: .classic)])
            try await Running.connections(21, to: .shared(), topology: topology) { connections in
                let other = connections[20]
                for connection in connections[..<20] {
                    try await other.publish(AMQPMessage("x"), exchange: "", routingKey: "retire.moment")
                    let consumer = connection.consume(queue: "retire.moment", prefetch: 1, handsBack: handsBack)
                    connection.settle(try #require(await consumer.deliveries(1).first), .acknowledge)
                    connection.retire()
                    try await eventually(within: Self.prompt, "the end") { connection.status.isStopped }
                    #expect(try await other.inspect(queue: "retire.moment") == .init(readyMessages: 0, consumers: 0))
                }
                try await other.delete(queue: "retire.moment")
            }
        }

        @Test(arguments: [true, false])
        func `nothing is waited for longer than allowed, and less when the process ends meanwhile`(
            isEnding: Bool
        )
            async throws
        {
            let topology = Topology(queues: [QueueDeclaration(name: "retire.limit")])
            let broker = try await PrivateBroker.shared()
            var configuration = Running.configuration(broker)
            configuration.retirementTimeout = isEnding ? .seconds(60) : .milliseconds(300)
            configuration.shutdownTimeout = isEnding ? .milliseconds(300) : .seconds(60)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let old = AMQPConnection(configuration: configuration, topology: topology, logger: logger)
            try await Running.connection(to: broker, topology: topology) { other in
                try await testGracefulShutdown { trigger in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await old.run() }
                        try await old.waitUntilConnected(timeout: .seconds(10))
                        try await other.publish(AMQPMessage("held"), exchange: "", routingKey: "retire.limit")
                        let consumer = old.consume(queue: "retire.limit", prefetch: 1)
                        let held = try #require(await consumer.deliveries(1).first)
                        let started = ContinuousClock.now
                        old.retire()
                        if isEnding {
                            #expect(await consumer.deliveries(1).isEmpty)
                            trigger.triggerGracefulShutdown()
                        }
                        try await group.waitForAll()
                        let elapsed = ContinuousClock.now - started
                        #expect(elapsed >= .milliseconds(300) && elapsed < Self.prompt)
                        // Too late: the broker has it back.
                        old.settle(held, .acknowledge)
                        #expect(old.statistics.staleSettlements == 1)
                    }
                }
                let again = other.consume(queue: "retire.limit", prefetch: 1)
                #expect(try #require(await again.deliveries(1).first).isRedelivered)
                try await other.delete(queue: "retire.limit")
            }
        }

        @Test func `finishing asks for no more without waiting, closing ends the sequence at once`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "retire.finish")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                for text in 0..<6 {
                    try await connection.publish(AMQPMessage("\(text)"), exchange: "", routingKey: "retire.finish")
                }
                let first = connection.consume(queue: "retire.finish", prefetch: 3)
                try await eventually("three deliveries") { connection.statistics.delivered == 3 }
                first.finish()
                let held = await first.deliveries(10)
                #expect(held.map(\.message.text) == ["0", "1", "2"])
                connection.acknowledge(held)
                let second = connection.consume(queue: "retire.finish", prefetch: 3)
                try await eventually("three more") { connection.statistics.delivered == 6 }
                second.close()
                #expect(await second.deliveries(1).isEmpty)
                try await eventually("three back in the queue") {
                    try await connection.inspect(queue: "retire.finish") == .init(readyMessages: 3, consumers: 0)
                }
                #expect(connection.statistics.staleSettlements == 0)
                try await connection.delete(queue: "retire.finish")
            }
        }
    }
}
