import AMQP
package import Gateway
import Logging
import Observability
package import SSBTEK
import ServiceLifecycle

/// Stage provide of one worker process, on RabbitMQ.
package struct AMQPWorkerTransport: WorkerTransport {
    private let connections: BrokerConnections
    private let sealer: MessageSealer
    private let clock: any GatewayClock
    /// Pause before an item whose answer could not be published goes back: without it, it would use up its delivery limit
    /// in the time that the broker needs to recover.
    private static let handBackPause: Duration = .milliseconds(250)

    package init(connections: BrokerConnections, keyring: Keyring, clock: any GatewayClock) {
        self.connections = connections
        self.sealer = MessageSealer(keyring: keyring)
        self.clock = clock
    }

    /// The lanes that a worker of these providers seals or opens.
    package static func lanes(_ providers: [Provider]) -> [Lane] {
        providers.flatMap { [.work($0), .answer($0)] }
    }

    package func receiveWork(
        for provider: Provider,
        concurrency: Int,
        _ handler: @escaping @Sendable (WorkItem) async -> ProviderAnswer?
    ) async throws {
        let subscription = self.connections.consume(
            queue: GatewayTopology.workQueue(provider), prefetch: concurrency)
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                // Two connections may each bring as many while one replaces the other.
                var running = 0
                for await source in subscription.sources {
                    for await case .delivery(let delivery) in source.consumer {
                        if running == concurrency {
                            await group.next()
                            running -= 1
                        }
                        group.addTask { await self.handle(delivery, from: source.connection, of: provider, handler) }
                        running += 1
                    }
                }
            }
        } onGracefulShutdown: {
            // The items that are here will be answered; the broker sends no more of them.
            subscription.finish()
        }
    }

    private func handle(
        _ delivery: AMQPDelivery, from connection: AMQPConnection, of provider: Provider,
        _ handler: @Sendable (WorkItem) async -> ProviderAnswer?
    ) async {
        let item: WorkItem
        do {
            item = try self.sealer.openWork(delivery.message)
        } catch {
            Logger.gateway.warning(
                "A work item could not be opened", metadata: [LogKeys.provider: .string(provider.rawValue)])
            connection.settle(delivery, .deadLetter)
            return
        }
        guard let answer = await handler(item) else {
            connection.settle(delivery, .acknowledge)
            return
        }
        do {
            try await self.publish(answer, acknowledging: delivery, of: connection)
        } catch {
            try? await self.clock.sleep(until: self.clock.now() + Self.handBackPause)
            connection.settle(delivery, .requeue)
        }
    }

    /// The delivery's connection acknowledges by itself when the answer is confirmed: one wake-up less for each answer.
    private func publish(
        _ answer: ProviderAnswer, acknowledging delivery: AMQPDelivery, of connection: AMQPConnection
    ) async throws {
        try await connection.publish(
            try self.sealer.seal(answer, at: self.clock.now()), exchange: "",
            routingKey: GatewayTopology.correlateQueue(answer.shard), acknowledging: delivery)
    }
}
