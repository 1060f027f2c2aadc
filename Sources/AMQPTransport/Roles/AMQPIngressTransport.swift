import AMQP
package import Gateway
import Logging
import Observability
import ServiceLifecycle

/// Stages dispatch and reply of one ingress, on RabbitMQ.
package struct AMQPIngressTransport: IngressTransport {
    /// The queue that it was made with.
    private let firstAddress: ReplyAddress
    private let connections: BrokerConnections
    private let sealer: MessageSealer
    private let clock: any GatewayClock
    /// Replies that may be on their way to this process at the same time.
    private static let prefetch = 500

    /// - Parameter replyAddress: this process's own queue, declared by its connections' topology. When its node is
    ///   away another queue takes its place, and requests from then on carry the address of that one.
    package init(
        connections: BrokerConnections, keyring: Keyring, replyAddress: ReplyAddress, clock: any GatewayClock
    ) {
        self.connections = connections
        self.sealer = MessageSealer(keyring: keyring)
        self.firstAddress = replyAddress
        connections.own(replyAddress.text)
        self.clock = clock
    }

    /// The lanes that an ingress seals or opens.
    package static var lanes: [Lane] { Lane.all.filter { if case .answer = $0 { false } else { true } } }

    /// What is sent to an earlier address comes back to its sender: who waits for that is told when its time is up.
    package var replyAddress: ReplyAddress { ReplyAddress(self.connections.name(of: self.firstAddress.text)) }

    package var isAvailable: Bool { self.connections.isAvailable }

    package func dispatch(_ manifest: Manifest, shard: Int, items: [WorkItem]) async throws(TransportError) {
        let publications = try self.publications(manifest, shard: shard, items: items)
        for result in await self.connections.publishAll(publications) {
            if case .failure(let error) = result { throw TransportError(error) }
        }
    }

    package func receiveReplies(_ handler: @escaping @Sendable (Reply) -> Void) async throws {
        let subscription = self.connections.consume(queue: self.firstAddress.text, prefetch: Self.prefetch)
        await withGracefulShutdownHandler {
            for await source in subscription.sources {
                for await case .delivery(let delivery) in source.consumer {
                    do {
                        handler(try self.sealer.openReply(delivery.message))
                        source.connection.settle(delivery, .acknowledge)
                    } catch {
                        source.connection.settle(delivery, .deadLetter)
                    }
                }
            }
        } onGracefulShutdown: {
            subscription.close()
        }
    }

    /// Manifest first: on one channel the broker takes them in this order.
    private func publications(
        _ manifest: Manifest, shard: Int, items: [WorkItem]
    ) throws(TransportError) -> [AMQPPublication] {
        let now = self.clock.now()
        do throws(SealingError) {
            var publications = [
                AMQPPublication(
                    try self.sealer.seal(manifest, shard: shard, at: now),
                    exchange: "",
                    routingKey: GatewayTopology.correlateQueue(shard)
                )
            ]
            for item in items {
                publications.append(
                    AMQPPublication(
                        try self.sealer.seal(item, at: now),
                        exchange: "",
                        routingKey: GatewayTopology.workQueue(item.slot.provider, item.lane)
                    ))
            }
            return publications
        } catch {
            Logger.gateway.error("A message could not be sealed", metadata: [LogKeys.reason: "\(error)"])
            throw .unavailable
        }
    }
}
