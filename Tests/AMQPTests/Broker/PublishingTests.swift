import GatewayTestSupport
import Logging
import Testing

@testable import AMQP

extension BrokerTests {
    @Suite struct PublishingTests {
        @Test func `confirms are pipelined and a message arrives as it was sent`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "publish.round-trip")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                let sent = AMQPMessage(
                    body: (0..<300_000).map { UInt8(truncatingIfNeeded: $0) },
                    headers: ["text": "å", "number": -5, "flag": true, "big": .integer(.max)],
                    contentType: "application/octet-stream", correlationID: "corr", messageID: "id", type: "type",
                    priority: 3, expiration: 60_000, timestamp: 1_700_000_000)
                try await connection.publish(sent, exchange: "", routingKey: "publish.round-trip")
                let consumer = connection.consume(queue: "publish.round-trip", prefetch: 10)
                let delivery = try #require(await consumer.deliveries(1).first)
                #expect(delivery.message == sent)
                #expect(delivery.queue == "publish.round-trip")
                #expect(delivery.routingKey == "publish.round-trip")
                #expect(!delivery.isRedelivered)
                #expect(delivery.deliveryCount == 0)
                connection.settle(delivery, .acknowledge)
                consumer.close()

                // All of them wait at the same time: more than the window, so the rest waits here.
                let publications = (0..<2_500).map {
                    AMQPPublication(AMQPMessage("\($0)"), exchange: "", routingKey: "publish.round-trip")
                }
                let results = await connection.publishAll(publications)
                #expect(results.count == 2_500)
                #expect(results.allSatisfy { $0.error == nil })
                let read = connection.consume(queue: "publish.round-trip", prefetch: 5_000)
                let texts = await read.deliveries(2_500).map(\.message.text)
                #expect(texts.count == 2_500)
                #expect(texts == (0..<2_500).map { "\($0)" })
                #expect(connection.statistics.confirmed == 2_501)
                try await connection.delete(queue: "publish.round-trip")
            }
        }

        @Test func `an empty body arrives`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "publish.empty")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                try await connection.publish(AMQPMessage(body: []), exchange: "", routingKey: "publish.empty")
                let consumer = connection.consume(queue: "publish.empty", prefetch: 1)
                #expect(await consumer.deliveries(1).first?.message.body == [])
                try await connection.delete(queue: "publish.empty")
            }
        }

        @Test func `a message that no queue wants comes back to the one who sent it`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "publish.returned")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                // Every third has nowhere to go; all are on the way at the same time.
                let publications = (0..<300).map {
                    AMQPPublication(
                        AMQPMessage("same"), exchange: "",
                        routingKey: $0 % 3 == 0 ? "publish.nowhere" : "publish.returned")
                }
                let results = await connection.publishAll(publications)
                for (index, result) in results.enumerated() {
                    switch result {
                    case .success: #expect(index % 3 != 0)
                    case .failure(let error):
                        #expect(error.code == .returned && error.replyCode == 312 && index % 3 == 0)
                    }
                }
                #expect(connection.statistics.returned == 100)
                // Not mandatory: confirmed and gone.
                try await connection.publish(
                    AMQPMessage("x"), exchange: "", routingKey: "publish.nowhere", mandatory: false)
                try await connection.delete(queue: "publish.returned")
            }
        }

        @Test func `a message that answers a delivery acknowledges it when it is confirmed, and only then`()
            async throws
        {
            let topology = Topology(queues: [
                QueueDeclaration(name: "publish.asked"), QueueDeclaration(name: "publish.told"),
            ])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                for _ in 0..<20 {
                    try await connection.publish(AMQPMessage("question"), exchange: "", routingKey: "publish.asked")
                }
                let consumer = connection.consume(queue: "publish.asked", prefetch: 20)
                let questions = await consumer.deliveries(20)
                // Only these move: the first has nowhere to go, the last is left alone.
                for (index, question) in questions.dropLast().enumerated() {
                    var refusal: AMQPError.Code?
                    do throws(AMQPError) {
                        try await connection.publish(
                            AMQPMessage("answer"), exchange: "",
                            routingKey: index == 0 ? "publish.nowhere" : "publish.told", acknowledging: question)
                    } catch {
                        refusal = error.code
                    }
                    #expect(refusal == (index == 0 ? .returned : nil))
                }
                try await eventually("eighteen settlements") { connection.statistics.settled == 18 }
                consumer.close()
                try await eventually("two come back") {
                    try await connection.inspect(queue: "publish.asked").readyMessages == 2
                }
                #expect(try await connection.inspect(queue: "publish.told").readyMessages == 18)
                #expect(connection.statistics.staleSettlements == 0)
                for queue in ["publish.asked", "publish.told"] { try await connection.delete(queue: queue) }
            }
        }

        @Test func `a full queue that rejects says so`() async throws {
            let topology = Topology(queues: [
                QueueDeclaration(name: "publish.full", overflow: .rejectPublish, maximumLength: 2)
            ])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                // Quorum queues let a few more in than the limit says.
                var error: AMQPError?
                for _ in 0..<50 where error == nil {
                    do throws(AMQPError) {
                        try await connection.publish(AMQPMessage("x"), exchange: "", routingKey: "publish.full")
                    } catch let failure { error = failure }
                }
                #expect(error?.code == .rejected)
                #expect(error?.isRetriable == true)
                try await connection.delete(queue: "publish.full")
            }
        }

        @Test func `a publish to an exchange that is not there closes only the publishing channel`() async throws {
            let topology = Topology(queues: [QueueDeclaration(name: "publish.isolated")])
            try await Running.connection(to: .shared(), topology: topology) { connection in
                let consumer = connection.consume(queue: "publish.isolated", prefetch: 10)
                await #expect {
                    try await connection.publish(AMQPMessage("x"), exchange: "nowhere", routingKey: "")
                } throws: { ($0 as? AMQPError)?.code == .channelClosed && ($0 as? AMQPError)?.replyCode == 404 }
                try await connection.publish(AMQPMessage("after"), exchange: "", routingKey: "publish.isolated")
                let delivery = try #require(await consumer.deliveries(1).first)
                #expect(delivery.message.text == "after")
                connection.settle(delivery, .acknowledge)
                #expect(connection.statistics.channelErrors == 1)
                #expect(connection.statistics.connects == 1)
                try await connection.delete(queue: "publish.isolated")
            }
        }

        @Test func `without a connection a publish fails at once`() async throws {
            let connection = AMQPConnection(configuration: AMQPConfiguration(), logger: Logger(label: "test"))
            await #expect(throws: AMQPError(.notConnected, operation: "basic.publish")) {
                try await connection.publish(AMQPMessage("x"), exchange: "", routingKey: "q")
            }
            let results = await connection.publishAll([
                AMQPPublication(AMQPMessage("x"), exchange: "", routingKey: "q"),
                AMQPPublication(AMQPMessage("x"), exchange: "", routingKey: String(repeating: "x", count: 256)),
            ])
            #expect(results.map(\.error?.code) == [.notConnected, .invalidMessage])
        }
    }
}
