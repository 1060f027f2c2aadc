import Testing

@testable import AMQP

@Suite struct ConsumerMailboxTests {
    private static let lost = AMQPError(.connectionLost, operation: "read")

    private static func delivery(_ number: UInt64) -> ConsumerEvent {
        .delivery(
            AMQPDelivery(
                message: AMQPMessage(body: []), queue: "q",
                tag: AMQPDeliveryTag(consumer: 1, epoch: 1, number: number)))
    }

    @Test func `events come out in order and end after finish`() async {
        let mailbox = ConsumerMailbox()
        mailbox.post([Self.delivery(1), Self.delivery(2)])
        mailbox.finish()
        #expect(await mailbox.next() == Self.delivery(1))
        #expect(await mailbox.next() == Self.delivery(2))
        #expect(await mailbox.next() == nil)
    }

    @Test func `deliveries that nobody saw are dropped when they are lost`() async {
        let mailbox = ConsumerMailbox()
        mailbox.post([Self.delivery(1), .cancelled])
        mailbox.lose(Self.lost)
        mailbox.post([Self.delivery(2)])
        #expect(await mailbox.next() == .cancelled)
        #expect(await mailbox.next() == .deliveriesLost(Self.lost))
        #expect(await mailbox.next() == Self.delivery(2))
    }

    @Test func `a closed mailbox hands out no delivery that cannot be settled`() async {
        let mailbox = ConsumerMailbox()
        mailbox.post([Self.delivery(1), .cancelled, Self.delivery(2)])
        mailbox.close()
        #expect(await mailbox.next() == .cancelled)
        #expect(await mailbox.next() == nil)
    }

    @Test func `what comes after the closing is not handed out`() async {
        let mailbox = ConsumerMailbox()
        mailbox.close()
        mailbox.post([Self.delivery(1), .cancelled])
        mailbox.lose(Self.lost)
        #expect(await mailbox.next() == nil)
        #expect(await mailbox.next() == nil)
    }

    @Test func `each event goes to one of several readers`() async {
        let mailbox = ConsumerMailbox()
        let count = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var count = 0
                    while await mailbox.next() != nil { count += 1 }
                    return count
                }
            }
            for number: UInt64 in 0..<1_000 { mailbox.post([Self.delivery(number)]) }
            mailbox.finish()
            return await group.reduce(0, +)
        }
        #expect(count == 1_000)
    }

    @Test func `a cancelled reader gets the end and takes nothing with it`() async {
        let mailbox = ConsumerMailbox()
        for _ in 0..<200 {
            let reader = Task { await mailbox.next() }
            reader.cancel()
            #expect(await reader.value == nil)
        }
        mailbox.post([.cancelled])
        #expect(await mailbox.next() == .cancelled)
    }
}
