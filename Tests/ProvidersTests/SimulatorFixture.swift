import Providers
import SSBTEK
import Synchronization
import Testing

/// One simulated base service over real mutual TLS on loopback, and a client that asks it.
struct SimulatorFixture {
    let client: BaseServiceClient
    let server: SimulatorServer
    /// How many new connections the client has been asked to accept.
    let decisions: ConnectionCounter

    /// Counts the decisions about servers.
    final class ConnectionCounter: Sendable {
        private let counter = Atomic(0)

        func count() { self.counter.add(1, ordering: .relaxed) }
        var value: Int { self.counter.load(ordering: .relaxed) }
    }

    static func with<Result>(
        _ provider: Provider, _ behaviour: String = "", soap: Bool = false, accepts: Bool = true,
        server serverCredentials: ProviderCredentials = TestPKI.shared.server,
        client clientCredentials: ProviderCredentials = TestPKI.shared.client,
        acceptsServer: @escaping @Sendable ([UInt8]) -> Bool = { !$0.isEmpty },
        onEvent: @escaping @Sendable (BaseServiceClient.Event) -> Void = { _ in },
        configure: (inout ProviderConfiguration) -> Void = { _ in },
        _ body: (SimulatorFixture) async throws -> Result
    ) async throws -> Result {
        let service = SimulatorConfiguration.Service(
            provider, usesSOAP: soap, behaviour: try SimulatorBehaviour(parsing: behaviour))
        let server = SimulatorServer(SimulatorConfiguration(services: [service], credentials: serverCredentials))
        let port = try #require(try await server.start()[provider])
        let decisions = ConnectionCounter()
        var configuration = ProviderConfiguration(
            provider, url: "https://localhost:\(port)" + SimulatorConfiguration.path(of: provider))
        configuration.usesSOAP = soap
        // As most do; TNS does not unless told so.
        configuration.reusesConnections = true
        // Handshakes are slow in a debug build on a busy machine.
        configuration.connectTimeout = .seconds(20)
        configure(&configuration)
        #expect(configuration.problems.isEmpty)
        let client = try BaseServiceClient(
            configuration, contract: TestFixtures.contract, credentials: clientCredentials,
            acceptsServer: { certificate in
                decisions.count()
                return accepts && acceptsServer(certificate)
            }, onEvent: onEvent)
        do {
            let result = try await body(SimulatorFixture(client: client, server: server, decisions: decisions))
            await server.stop()
            await client.shutdown()
            return result
        } catch {
            await server.stop()
            await client.shutdown()
            throw error
        }
    }
}
