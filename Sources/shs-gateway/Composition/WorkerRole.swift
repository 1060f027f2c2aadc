import AMQPTransport
import Gateway
import Providers
import SSBTEK
import ServiceLifecycle
import Trust

/// A worker process: one or several providers, each with its own connection pool and its own bound.
struct WorkerRole {
    let connections: BrokerConnections
    let services: [any Service]

    init(_ context: RoleContext, providers: [Provider]) throws {
        let connections = BrokerConnections.shared(
            configuration: context.configuration.broker, topology: context.topology.shared,
            role: "worker \(providers.map(\.rawValue).joined(separator: " "))")
        let transport = AMQPWorkerTransport(
            connections: connections, keyring: try context.keyring(AMQPWorkerTransport.lanes(providers)),
            clock: context.clock)
        var clients: [any Service] = []
        var workers: [any Service] = []
        for provider in providers {
            guard let configuration = context.configuration.providers.first(where: { $0.provider == provider }) else {
                throw ExitWith.failure("providers.\(provider.rawValue).url is not set")
            }
            let client = try Self.client(configuration, context)
            clients.append(client)
            workers.append(
                ProviderWorker(
                    provider: provider,
                    concurrency: configuration.concurrency,
                    transport: transport,
                    service: client,
                    questions: QuestionReader(contract: context.contract),
                    clock: context.clock
                ))
        }
        self.connections = connections
        self.services = connections.services + clients + workers
    }

    private static func client(
        _ configuration: ProviderConfiguration, _ context: RoleContext
    ) throws -> BaseServiceClient {
        guard let own = context.snapshot.providerClient, let anchors = context.snapshot.providerAnchorsPEM else {
            throw ExitWith.failure("this role has no credentials for base services")
        }
        let (snapshot, clock, host) = (context.snapshot, context.clock, configuration.host)
        return try BaseServiceClient(
            configuration,
            contract: context.contract,
            credentials: ProviderCredentials(
                certificateChain: own.chainPEM, privateKey: own.keyPEM, anchors: anchors),
            acceptsServer: { leaf in
                snapshot.verifyServer(certificatesDER: [leaf], host: host, at: clock.now().seconds).accepted
            }
        )
    }
}
