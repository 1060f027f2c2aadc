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
        let consumer = self.connections.consumer.consume(
            queue: GatewayTopology.workQueue(provider), prefetch: concurrency)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await event in consumer {
                    guard case .delivery(let delivery) = event else { continue }
                    group.addTask { await self.handle(delivery, of: provider, handler) }
                }
            }
        } onGracefulShutdown: {
            // Not cancelled before the items that are here have been answered; the broker sends no more of them.
            Task { await consumer.cancel() }
        }
    }

    private func handle(
        _ delivery: AMQPDelivery, of provider: Provider, _ handler: @Sendable (WorkItem) async -> ProviderAnswer?
    ) async {
        let item: WorkItem
        do {
            item = try self.sealer.openWork(delivery.message)
        } catch {
            Logger.gateway.warning(
                "A work item could not be opened", metadata: [LogKeys.provider: .string(provider.rawValue)])
            self.connections.consumer.settle(delivery, .deadLetter)
            return
        }
        guard let answer = await handler(item) else {
            self.connections.consumer.settle(delivery, .acknowledge)
            return
        }
        do {
            try await self.publish(answer, acknowledging: delivery)
        } catch {
            try? await self.clock.sleep(until: self.clock.now() + Self.handBackPause)
            self.connections.consumer.settle(delivery, .requeue)
        }
    }

    /// The connection acknowledges by itself when the answer is confirmed: one wake-up less for each answer.
    private func publish(_ answer: ProviderAnswer, acknowledging delivery: AMQPDelivery) async throws {
        try await self.connections.consumer.publish(
            try self.sealer.seal(answer, at: self.clock.now()), exchange: "",
            routingKey: GatewayTopology.correlateQueue(answer.shard), acknowledging: delivery)
    }
}
