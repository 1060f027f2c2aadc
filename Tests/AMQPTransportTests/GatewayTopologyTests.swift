import AMQP
import AMQPTransport
import Gateway
import SSBTEK
import Testing

/// The exchanges and queues as values.
struct GatewayTopologyTests {
    private let topology = GatewayTopology(configuration: .init(), shards: 3)

    @Test func `every queue has its name`() {
        #expect(
            self.topology.shared.queues.map(\.name)
                == [
                    "shs.dead", "shs.work.AF", "shs.work.AF.automated", "shs.work.CSN", "shs.work.CSN.automated",
                    "shs.work.FK", "shs.work.FK.automated", "shs.work.SKV", "shs.work.SKV.automated", "shs.work.SO",
                    "shs.work.SO.automated", "shs.work.TNS", "shs.work.TNS.automated", "shs.work.MIV",
                    "shs.work.MIV.automated", "shs.correlate.0", "shs.correlate.1", "shs.correlate.2",
                ])
        #expect(self.topology.shared.exchanges == [ExchangeDeclaration(name: "shs.dead", kind: .fanout)])
        #expect(
            self.topology.shared.bindings
                == [BindingDeclaration(exchange: "shs.dead", queue: "shs.dead", routingKey: "")])
        #expect(GatewayTopology.replyQueue("x") == "shs.reply.x")
    }

    @Test func `whatever waits has been accepted, so every queue is durable, and a quorum queue if several read it`() {
        let reply = self.topology.reply(to: ReplyAddress("shs.reply.x"))
        for queue in self.topology.shared.queues + reply.queues {
            #expect(queue.kind == (queue.name == "shs.reply.x" ? .classic : .quorum))
            #expect(queue.isDurable)
            #expect(!queue.isExclusive && !queue.deletesWhenUnused)
            // No time to live for a whole queue: each message has its own.
            #expect(queue.messageTimeToLive == nil)
        }
    }

    @Test func `nothing is dropped in silence`() {
        let reply = self.topology.reply(to: ReplyAddress("shs.reply.x"))
        for queue in self.topology.shared.queues + reply.queues where queue.name != GatewayTopology.deadQueue {
            #expect(queue.deadLetter?.exchange == GatewayTopology.deadExchange)
            // Classic queues know no other.
            #expect(queue.deadLetter?.strategy == (queue.kind == .classic ? .atMostOnce : .atLeastOnce))
            // At-least-once dead-lettering works with this one only.
            #expect(queue.overflow == .rejectPublish)
        }
    }

    @Test func `work is bounded in number and in returns`() {
        var configuration = GatewayTopology.Configuration()
        configuration.workDeliveryLimit = 7
        configuration.workQueueLength = 11
        configuration.correlateDeliveryLimit = 13
        configuration.correlateQueueLength = 17
        configuration.replyQueueExpiry = .seconds(19)
        let topology = GatewayTopology(configuration: configuration, shards: 1)
        for queue in topology.shared.queues where queue.name.hasPrefix("shs.work.") {
            #expect(queue.deliveryLimit == 7)
            #expect(queue.maximumLength == 11)
            #expect(!queue.hasSingleActiveConsumer)
            #expect(queue.expires == nil)
        }
        for queue in topology.shared.queues where queue.name.hasPrefix("shs.correlate.") {
            #expect(queue.deliveryLimit == 13)
            #expect(queue.maximumLength == 17)
            #expect(queue.hasSingleActiveConsumer)
            #expect(queue.expires == nil)
        }
        let reply = topology.reply(to: ReplyAddress("shs.reply.x")).queues
        #expect(reply.map(\.name) == ["shs.reply.x"])
        #expect(reply.map(\.expires) == [.seconds(19)])
    }

    @Test func `every queue that something is published to is declared`() {
        let names = Set(self.topology.shared.queues.map(\.name))
        for provider in Provider.allCases {
            for lane in WorkLane.allCases { #expect(names.contains(GatewayTopology.workQueue(provider, lane))) }
        }
        for shard in 0..<3 { #expect(names.contains(GatewayTopology.correlateQueue(shard))) }
    }
}
