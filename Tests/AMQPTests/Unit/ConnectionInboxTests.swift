import Testing

@testable import AMQP

@Suite struct ConnectionInboxTests {
    private static let tag = AMQPDeliveryTag(consumer: 1, epoch: 1, number: 1)

    /// In the state that it has while a connection stands.
    private static func connected() -> ConnectionInbox {
        let inbox = ConnectionInbox(failsFastWhenBlocked: true)
        _ = inbox.start()
        inbox.connected(AMQPStatistics())
        return inbox
    }

    /// What a publish is told; nil when it was taken.
    private static func publish(_ inbox: ConnectionInbox, answering tag: AMQPDeliveryTag?) async -> AMQPError.Code? {
        let error = await withCheckedContinuation { continuation in
            let request = PublishRequest(
                publication: AMQPPublication(AMQPMessage(body: []), exchange: "", routingKey: "q"),
                deadline: .seconds(1), waiter: .single(continuation, acknowledging: tag))
            let refusal = inbox.submit(request)
            if let refusal { continuation.resume(returning: refusal) }
            for request in inbox.take().publishes { request.waiter.resume(nil) }
        }
        return error?.code
    }

    @Test func `an ending connection takes answers to its deliveries and nothing else`() async {
        let inbox = Self.connected()
        #expect(await Self.publish(inbox, answering: nil) == nil)
        inbox.requestStop(.retiring)
        #expect(await Self.publish(inbox, answering: nil) == .shutDown)
        #expect(await Self.publish(inbox, answering: Self.tag) == nil)
        inbox.requestStop(.draining)
        #expect(await Self.publish(inbox, answering: Self.tag) == nil)
        inbox.requestStop(.immediate)
        #expect(await Self.publish(inbox, answering: Self.tag) == .shutDown)
    }

    @Test func `an ending connection that is lost or blocked takes no answers either`() async {
        let inbox = Self.connected()
        inbox.requestStop(.retiring)
        inbox.setBlocked(true)
        #expect(await Self.publish(inbox, answering: Self.tag) == .shutDown)
        _ = inbox.disconnected(AMQPError(.connectionLost, operation: "read"), AMQPStatistics())
        #expect(await Self.publish(inbox, answering: Self.tag) == .shutDown)
    }

    @Test func `an end that was asked for only ever becomes faster`() {
        let inbox = Self.connected()
        let order: [ConnectionInbox.Stop] = [.retiring, .draining, .retiring, .immediate, .draining, .retiring]
        let seen = order.map { stop in
            inbox.requestStop(stop)
            return inbox.take().stop
        }
        #expect(seen == [.retiring, .draining, .draining, .immediate, .immediate, .immediate])
    }
}
