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
    private let automatedShare: Int
    /// Pause before an item whose answer could not be published goes back: without it, it would use up its delivery limit
    /// in the time that the broker needs to recover.
    private static let handBackPause: Duration = .milliseconds(250)

    /// - Parameter automatedShare: how much of each provider's concurrency automated items may take, in hundredths.
    package init(
        connections: BrokerConnections, keyring: Keyring, clock: any GatewayClock,
        automatedShare: Int = AdmissionConfiguration().automatedShare
    ) {
        self.automatedShare = automatedShare
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
        let gate = LaneGate(slots: concurrency, automatedShare: self.automatedShare)
        await withDiscardingTaskGroup { group in
            for lane in WorkLane.allCases {
                group.addTask { await self.receive(lane, of: provider, concurrency: concurrency, gate, handler) }
            }
        }
    }

    /// One lane's queue.
    ///
    /// No more is fetched than may run, so that what waits can go to another worker.
    private func receive(
        _ lane: WorkLane, of provider: Provider, concurrency: Int, _ gate: LaneGate,
        _ handler: @escaping @Sendable (WorkItem) async -> ProviderAnswer?
    ) async {
        let prefetch =
            switch lane {
            case .caseworker: concurrency
            case .automated: LaneState.automatedSlots(of: concurrency, share: self.automatedShare)
            }
        let subscription = self.connections.consume(
            queue: GatewayTopology.workQueue(provider, lane), prefetch: prefetch)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await source in subscription.sources {
                    for await case .delivery(let delivery) in source.consumer {
                        // Two connections may each bring as many while one replaces the other.
                        await gate.enter(lane)
                        group.addTask {
                            await self.handle(delivery, from: source.connection, of: provider, handler)
                            gate.leave(lane)
                        }
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
