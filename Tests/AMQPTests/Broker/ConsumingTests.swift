import GatewayTestSupport
import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct ConsumingTests {
        @Test func `what comes back too often is dead-lettered, with the reason`() async throws {
            let topology = Topology(
                exchanges: [ExchangeDeclaration(name: "consume.dead", kind: .direct)],
                queues: [
                    QueueDeclaration(
                        name: "consume.limited", deliveryLimit: 2,
                        deadLetter: .init(exchange: "consume.dead", routingKey: "limited"), overflow: .rejectPublish),
                    QueueDeclaration(name: "consume.graveyard"),
                ],
                bindings: [
                    BindingDeclaration(
                        exchange: "consume.dead", queue: "consume.graveyard", routingKey: "limited")
                ])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                try await connection.publish(AMQPMessage("poison"), exchange: "", routingKey: "consume.limited")
                let consumer = connection.consume(queue: "consume.limited", prefetch: 1)
                var counts: [Int] = []
                for _ in 0..<3 {
                    let delivery = try #require(await consumer.deliveries(1).first)
                    counts.append(delivery.deliveryCount)
                    connection.settle(delivery, .requeue)
                }
                #expect(counts == [0, 1, 2])
                let graveyard = connection.consume(queue: "consume.graveyard", prefetch: 1)
                let dead = try #require(await graveyard.deliveries(1).first)
                #expect(dead.message.text == "poison")
                #expect(dead.message.headers.string("x-first-death-reason") == "delivery_limit")
                #expect(dead.message.headers.string("x-first-death-queue") == "consume.limited")
                connection.settle(dead, .acknowledge)

                // And what a consumer refuses goes there at once.
                try await connection.publish(AMQPMessage("no"), exchange: "", routingKey: "consume.limited")
                connection.settle(try #require(await consumer.deliveries(1).first), .deadLetter)
                let refused = try #require(await graveyard.deliveries(1).first)
                #expect(refused.message.headers.string("x-first-death-reason") == "rejected")
                connection.settle(refused, .acknowledge)
                for queue in ["consume.limited", "consume.graveyard"] { try await connection.delete(queue: queue) }
            }
        }

        @Test func `a message whose time is up goes to the dead letters`() async throws {
            let topology = Topology(
                exchanges: [ExchangeDeclaration(name: "consume.late", kind: .fanout)],
                queues: [
                    QueueDeclaration(
                        name: "consume.short", deadLetter: .init(exchange: "consume.late"), overflow: .rejectPublish),
                    QueueDeclaration(name: "consume.expired"),
                ],
                bindings: [
                    BindingDeclaration(exchange: "consume.late", queue: "consume.expired", routingKey: "")
                ])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                var message = AMQPMessage("late")
                message.expiration = 50
                try await connection.publish(message, exchange: "", routingKey: "consume.short")
                let consumer = connection.consume(queue: "consume.expired", prefetch: 1)
                let dead = try #require(await consumer.deliveries(1).first)
                #expect(dead.message.headers.string("x-first-death-reason") == "expired")
                connection.settle(dead, .acknowledge)
                for queue in ["consume.short", "consume.expired"] { try await connection.delete(queue: queue) }
            }
        }

        @Test func `a settlement that comes late or twice is counted and harmless`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "consume.stale")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                try await connection.publish(AMQPMessage("one"), exchange: "", routingKey: "consume.stale")
                let first = connection.consume(queue: "consume.stale", prefetch: 10)
                let held = try #require(await first.deliveries(1).first)
                first.close()
                // The same number on a new channel, but it is another life.
                let second = connection.consume(queue: "consume.stale", prefetch: 10)
                let again = try #require(await second.deliveries(1).first)
                #expect(again.tag.number == held.tag.number && again.isRedelivered && again.deliveryCount == 1)
                connection.settle(held, .acknowledge)
                connection.settle(again, .acknowledge)
                connection.settle(again, .requeue)
                connection.acknowledge([again, again])
                try await eventually("four stale settlements") { connection.statistics.staleSettlements == 4 }
                #expect(try await connection.inspect(queue: "consume.stale").readyMessages == 0)
                #expect(connection.statistics.channelErrors == 0)
                #expect(connection.statistics.settled == 1)
                try await connection.delete(queue: "consume.stale")
            }
        }

        @Test func `cancelling hands out what came already and lets it be settled`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "consume.cancel")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                let publications = (0..<20).map {
                    AMQPPublication(AMQPMessage("\($0)"), exchange: "", routingKey: "consume.cancel")
                }
                _ = await connection.publishAll(publications)
                let consumer = connection.consume(queue: "consume.cancel", prefetch: 5)
                try await eventually("five deliveries") { connection.statistics.delivered == 5 }
                await consumer.cancel()
                var held: [AMQPDelivery] = []
                for await event in consumer { if case .delivery(let delivery) = event { held.append(delivery) } }
                #expect(held.map(\.message.text) == ["0", "1", "2", "3", "4"])
                connection.acknowledge(held)
                try await eventually("fifteen left") {
                    try await connection.inspect(queue: "consume.cancel") == .init(readyMessages: 15, consumers: 0)
                }
                try await connection.delete(queue: "consume.cancel")
            }
        }

        @Test func `whoever settles and closes at once has settled`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "consume.closing")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                for _ in 0..<20 {
                    try await connection.publish(AMQPMessage("x"), exchange: "", routingKey: "consume.closing")
                    let consumer = connection.consume(queue: "consume.closing", prefetch: 1)
                    connection.settle(try #require(await consumer.deliveries(1).first), .acknowledge)
                    consumer.close()
                    #expect(try await connection.inspect(queue: "consume.closing").readyMessages == 0)
                }
                try await eventually("twenty settlements") { connection.statistics.settled == 20 }
                try await connection.delete(queue: "consume.closing")
            }
        }

        @Test func `a subscription to a queue that is not there is tried until it is`() async throws {
            try await Running.connection(to: .shared()) { connection in
                let consumer = connection.consume(queue: "consume.later", prefetch: 1)
                var events = consumer.makeAsyncIterator()
                guard case .subscriptionFailed(let error)? = await events.next() else {
                    Issue.record("no refusal")
                    return
                }
                #expect(error.replyCode == 404)
                try await connection.declare(Topology(queues: [QueueDeclaration(name: "consume.later")]))
                try await connection.publish(AMQPMessage("there"), exchange: "", routingKey: "consume.later")
                let delivery = try #require(await consumer.deliveries(1).first)
                #expect(delivery.message.text == "there")
                // A deleted queue cancels; the topology brings it back and the subscription with it.
                try await connection.delete(queue: "consume.later")
                #expect(await consumer.nextNotice() == .cancelled)
                try await eventually("a new subscription") {
                    (try? await connection.inspect(queue: "consume.later"))?.consumers == 1
                }
                #expect(connection.statistics.connects == 1)
                try await connection.delete(queue: "consume.later")
            }
        }

        @Test func `when the active consumer's connection dies the next one gets everything in order`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "consume.single", hasSingleActiveConsumer: true)])
            let broker = try await PrivateBroker.shared()
            try await Running.connection(to: broker, topology: topology) { standby in
                let texts = (0..<200).map { "\($0)" }
                let passive: AMQPConsumer = try await Running.connection(to: broker) { active in
                    let first = active.consume(queue: "consume.single", prefetch: 1_000)
                    try await eventually("the first consumer") {
                        try await standby.inspect(queue: "consume.single").consumers == 1
                    }
                    let passive = standby.consume(queue: "consume.single", prefetch: 1_000)
                    _ = await standby.publishAll(
                        texts.map { AMQPPublication(AMQPMessage($0), exchange: "", routingKey: "consume.single") })
                    let held = await first.deliveries(200)
                    #expect(held.map(\.message.text) == texts)
                    #expect(standby.statistics.delivered == 0)
                    return passive
                }
                // The first connection is gone with all of them unacknowledged.
                let taken = await passive.deliveries(200)
                #expect(taken.map(\.message.text) == texts)
                #expect(taken.allSatisfy { $0.isRedelivered && $0.deliveryCount == 1 })
                standby.acknowledge(taken.shuffled())
                try await eventually("an empty queue") { standby.statistics.settled == 200 }
                passive.close()
                try await eventually("nothing left") {
                    try await standby.inspect(queue: "consume.single") == .init(readyMessages: 0, consumers: 0)
                }
                try await standby.delete(queue: "consume.single")
            }
        }
    }
}
