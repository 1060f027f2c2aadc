import AMQP
import AMQPTransport
import Gateway
import GatewayTestSupport
import Logging
import Testing

@Suite(.timeLimit(.minutes(3))) struct ReplyQueueTests {
    @Test func `a reply queue as young as its ingress outlives the broker's crash with what was confirmed`()
        async throws
    {
        let broker = try await PrivateBroker.start()
        let address = ReplyAddress("shs.reply.young")
        var configuration = AMQPConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = broker.port
        configuration.credentials = .password(user: PrivateBroker.user, password: PrivateBroker.password)
        let topology = GatewayTopology(configuration: .init(), shards: 1).reply(to: address)
        let connection = AMQPConnection(
            configuration: configuration, topology: topology, logger: Logger(label: "test"))
        let run = RunningServices([connection])
        try await connection.waitUntilConnected(timeout: .seconds(20))
        try await connection.publish(AMQPMessage(body: [1, 2, 3]), exchange: "", routingKey: address.text)

        try await broker.kill()
        try await broker.startAgain()
        try await connection.waitUntilConnected(timeout: .seconds(30))
        let consumer = connection.consume(queue: address.text, prefetch: 1)
        for await event in consumer {
            guard case .delivery(let delivery) = event else { continue }
            #expect(delivery.message.body == [1, 2, 3])
            connection.settle(delivery, .acknowledge)
            break
        }
        consumer.close()
        try await connection.publish(AMQPMessage(body: [4]), exchange: "", routingKey: address.text)
        try await run.stop()
        try await broker.stop()
    }
}
