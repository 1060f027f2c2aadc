import AMQPTransport
import Gateway
import Providers
import SSBTEK
import ServiceLifecycle

/// A worker process: one or several providers, each with its own connection pool and its own bound.
struct WorkerRole {
    let connections: BrokerConnections
    let services: [any Service]

    init(_ context: RoleContext, providers: [Provider]) throws {
        let connections = BrokerConnections.shared(
            configuration: context.broker, topology: context.topology.shared,
            role: "worker \(providers.map(\.rawValue).joined(separator: " "))")
        let keyring = try context.keyring(AMQPWorkerTransport.lanes(providers))
        let transport = AMQPWorkerTransport(
            connections: connections, keyring: keyring,
            clock: context.clock, automatedShare: context.configuration.admission.automatedShare)
        var clients: [any Service] = []
        var workers: [any Service] = []
        for provider in providers {
            guard let configuration = context.configuration.providers.first(where: { $0.provider == provider }) else {
                throw ExitWith.failure("providers.\(provider.rawValue).url is not set")
            }
            let client = try context.client(configuration)
            clients += [client, context.clientRenewal(client, configuration)]
            workers.append(
                ProviderWorker(
                    provider: provider,
                    concurrency: configuration.concurrency,
                    transport: transport,
                    service: client,
                    questions: QuestionReader(contract: context.contract),
                    clock: context.clock,
                    record: context.record
                ))
        }
        self.connections = connections
        self.services =
            [KeyringService(keyring)] + connections.services + [context.brokerRenewal(connections)] + clients + workers
    }
}
