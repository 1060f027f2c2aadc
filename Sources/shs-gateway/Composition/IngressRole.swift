import AMQP
import AMQPTransport
import Gateway
import HTTPIngress
import Logging
import Observability
import SSBTEK
import ServiceLifecycle

/// The ingress: the SHS endpoint, its health endpoint, and its reply queue.
struct IngressRole {
    let context: RoleContext
    let connections: BrokerConnections
    private let ingress: Ingress

    init(_ context: RoleContext) throws {
        self.context = context
        let configuration = context.configuration
        let address = ReplyAddress(GatewayTopology.replyQueue(TransactionID.random().text))
        var topology = context.topology.shared
        topology.merge(context.topology.reply(to: address))
        self.connections = BrokerConnections(configuration: context.broker, topology: topology, role: "ingress")
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
                keyring: try context.keyring(AMQPIngressTransport.lanes),
                replyAddress: address,
                clock: context.clock
            ),
            clock: context.clock
        )
    }

    /// Health first, so that it is the last to stop; the endpoint last, so that it is the first.
    func services(ports: PortsFile) -> [any Service] {
        let health = HealthEndpoint(
            port: self.context.configuration.healthPort,
            logger: .gateway,
            onListening: { ports.bound("HEALTH_PORT", to: $0) },
            readiness: { [ingress] in ingress.isReady ? .ready : .notReady("broker") }
        )
        let endpoint = HTTPIngress(
            configuration: self.context.configuration.ingress,
            credentials: SnapshotCredentials(
                trust: self.context.trust, clock: self.context.clock, peers: self.context.peers),
            handler: IngressHandler(
                ingress: self.ingress, trust: self.context.trust, peers: self.context.peers,
                clock: self.context.clock),
            logger: .gateway,
            onListening: { ports.bound("SHS_PORT", to: $0) }
        )
        return [health] + self.connections.services
            + [self.context.brokerRenewal(self.connections), self.ingress, endpoint]
    }
}
