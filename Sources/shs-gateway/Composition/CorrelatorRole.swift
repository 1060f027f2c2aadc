import AMQPTransport
import Foundation
import Gateway
import ServiceLifecycle

/// The correlator: holds manifests and answers, assembles and signs the replies.
///
/// The only role with the reply key.
struct CorrelatorRole {
    let connections: BrokerConnections
    let services: [any Service]

    init(_ context: RoleContext) throws {
        let connections = BrokerConnections(
            configuration: context.broker, topology: context.topology.shared, role: "correlator")
        let keyring = try context.keyring(AMQPCorrelatorTransport.lanes)
        let correlator = Correlator(
            configuration: context.configuration.correlate,
            transport: AMQPCorrelatorTransport(
                connections: connections, keyring: keyring, configuration: context.configuration.correlate),
            assembler: ReplyAssembler(
                signer: SnapshotSigner(trust: context.trust, clock: context.clock),
                localDateTime: { LocalDateTime.text(Date()) },
                newUUID: { UUID().uuidString.lowercased() }
            ),
            clock: context.clock,
            record: context.record
        )
        let deadLetters = DeadLetterReader(
            connections: connections, keyring: keyring, clock: context.clock, record: context.record)
        self.connections = connections
        self.services =
            [KeyringService(keyring)] + connections.services + [
                context.brokerRenewal(connections), deadLetters, correlator,
            ]
    }
}
