import AMQP
package import Gateway
import Logging
import Metrics
import Observability
import SHS
import SSBTEK
import ServiceLifecycle

/// Takes every dead letter, counts and records it without content, tells whoever waits, and discards it.
///
/// Runs in each correlator; they share the one queue. A dead letter is acknowledged only after what it caused is confirmed.
package struct DeadLetterReader: Service {
    private let connections: BrokerConnections
    private let sealer: MessageSealer
    private let clock: any GatewayClock
    private let keeper: any RecordKeeping
    /// Dead letters are rare; a few at a time are enough and keep memory small when they are not.
    private static let prefetch = 50
    private static let retryPause: Duration = .milliseconds(500)

    package init(
        connections: BrokerConnections, keyring: Keyring, clock: any GatewayClock,
        record: any RecordKeeping = NoRecord()
    ) {
        self.keeper = record
        self.connections = connections
        self.sealer = MessageSealer(keyring: keyring)
        self.clock = clock
    }

    package func run() async throws {
        let subscription = self.connections.consume(queue: GatewayTopology.deadQueue, prefetch: Self.prefetch)
        await withGracefulShutdownHandler {
            for await source in subscription.sources {
                for await case .delivery(let delivery) in source.consumer {
                    await self.handle(delivery, of: source.connection)
                }
            }
        } onGracefulShutdown: {
            subscription.close()
        }
    }

    private func handle(_ delivery: AMQPDelivery, of connection: AMQPConnection) async {
        let letter = DeadLetter(delivery.message)
        do {
            try self.keeper.keep(.deviation(letter.deviation))
            try await self.remedy(letter)
            self.record(letter)
            connection.settle(delivery, .acknowledge)
        } catch {
            try? await self.clock.sleep(until: self.clock.now() + Self.retryPause)
            connection.settle(delivery, .requeue)
        }
    }

    private func remedy(_ letter: DeadLetter) async throws {
        switch letter.remedy {
        case .none: return
        case .answer(let transaction, let slot, let shard, let deadline):
            let answer = ProviderAnswer(
                transaction: transaction,
                slot: slot,
                shard: shard,
                deadline: deadline,
                outcome: .error(.gateway(.internalError)),
                elapsed: .zero
            )
            let message = try self.sealer.seal(answer, at: self.clock.now())
            try await self.publish(message, to: GatewayTopology.correlateQueue(shard))
        case .refuse(let transaction, let address):
            let reply = Reply(
                transaction: transaction, outcome: .fault(.internalError), sections: SectionCount())
            try await self.publish(try self.sealer.seal(reply), to: address.text)
        }
    }

    /// Somebody who is gone needs no telling.
    private func publish(_ message: AMQPMessage, to queue: String) async throws {
        do throws(TransportError) {
            try await self.connections.publish(message, to: queue)
        } catch {
            if error.remedy == .retry { throw error }
        }
    }

    private func record(_ letter: DeadLetter) {
        let dimensions = [(MetricNames.Dimension.kind, letter.kind), (MetricNames.Dimension.reason, letter.reason)]
        Counter(label: MetricNames.deadLetters, dimensions: dimensions).increment()
        Logger.gateway.warning(
            "A dead letter was discarded",
            metadata: [LogKeys.queue: .string(letter.kind), LogKeys.reason: .string(letter.reason)])
    }
}
