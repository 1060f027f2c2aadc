import AMQP
import AMQPTransport
import Audit
import Gateway
import HTTPIngress
import Logging
import Observability
import SSBTEK
import ServiceLifecycle
import Trust

/// The ingress: the SHS endpoint, its health endpoint, and its reply queue.
struct IngressRole {
    let context: RoleContext
    let connections: BrokerConnections
    private let ingress: Ingress
    private let keyring: Keyring

    init(_ context: RoleContext) throws {
        self.context = context
        let configuration = context.configuration
        let address = ReplyAddress(GatewayTopology.replyQueue(TransactionID.random().text))
        var topology = context.topology.shared
        topology.merge(context.topology.reply(to: address))
        self.connections = BrokerConnections(configuration: context.broker, topology: topology, role: "ingress")
        self.keyring = try context.keyring(AMQPIngressTransport.lanes)
        self.ingress = Ingress(
            intake: Intake(
                questions: QuestionReader(contract: context.contract),
                profile: configuration.profile,
                limits: configuration.limits
            ),
            splitter: Splitter(deadlines: configuration.deadlines, shards: configuration.correlate.shards),
            deadlines: configuration.deadlines,
            transport: AMQPIngressTransport(
                connections: self.connections,
                keyring: self.keyring,
                replyAddress: address,
                clock: context.clock
            ),
            clock: context.clock,
            record: context.record,
            pseudonyms: try context.pseudonyms()
        )
    }

    /// Health first, so that it is the last to stop; the endpoint last, so that it is the first.
    func services(ports: PortsFile) -> [any Service] {
        let health = HealthEndpoint(
            port: self.context.configuration.healthPort,
            logger: .gateway,
            onListening: { ports.bound("HEALTH_PORT", to: $0) },
            readiness: { [ingress, trust = self.context.trust, record = self.context.record] in
                guard record.isAvailable else { return .notReady("record") }
                guard ingress.isReady else { return .notReady("broker") }
                // Without its key nobody can connect, or in `serve` nothing can be answered.
                return trust.current.lostKeys.isEmpty ? .ready : .notReady("token")
            }
        )
        let clients = KnownClients(trust: self.context.trust, clock: self.context.clock)
        let endpoint = HTTPIngress(
            configuration: self.context.configuration.ingress,
            credentials: SnapshotCredentials(
                trust: self.context.trust, clock: self.context.clock, peers: self.context.peers),
            handler: IngressHandler(
                ingress: self.ingress, trust: self.context.trust, peers: self.context.peers,
                clock: self.context.clock),
            admitting: TransportAdmission(
                admission: Admission(
                    self.context.configuration.admission, deadlines: self.context.configuration.deadlines,
                    clock: self.context.clock),
                clients: clients),
            noting: RefusalRecord(record: self.context.record, clients: clients),
            logger: .gateway,
            onListening: { ports.bound("SHS_PORT", to: $0) }
        )
        return [health, KeyringService(self.keyring)] + self.connections.services
            + [
                self.context.brokerRenewal(self.connections), self.ingress,
                ReadyEndpoint(
                    endpoint: endpoint, ingress: self.ingress, limit: self.context.configuration.waitForBroker,
                    clock: self.context.clock),
            ]
    }
}
