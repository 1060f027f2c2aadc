internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
package import SSBTEK
internal import ServiceLifecycle
internal import Synchronization

/// The simulated base services in one process, each on its own port over mutual TLS.
///
/// Keeps nothing of what it is asked and logs nothing; every answer is made from the request. A service whose behaviour is `away` gets a
/// port on which nobody listens.
package final class SimulatorServer: Service {
    private let configuration: SimulatorConfiguration
    private let whenReady: @Sendable ([Provider: Int]) -> Void
    private let listeners = Mutex<[any Channel]>([])
    private let whenShown: @Sendable (Provider, [UInt8]) -> Void
    private let connections = SimulatorConnections()

    /// - Parameters:
    ///   - whenReady: called with the port of every service once all of them listen.
    ///   - whenShown: called once for each client certificate (DER) that a service has been shown.
    package init(
        _ configuration: SimulatorConfiguration, whenReady: @escaping @Sendable ([Provider: Int]) -> Void = { _ in },
        whenShown: @escaping @Sendable (Provider, [UInt8]) -> Void = { _, _ in }
    ) {
        self.configuration = configuration
        self.whenReady = whenReady
        self.whenShown = whenShown
    }

    /// Listens until the graceful shutdown or the cancellation.
    package func run() async throws {
        let ports = try await self.start()
        self.whenReady(ports)
        try? await gracefulShutdown()
        await self.stop()
    }

    /// Starts to listen; returns the port of every service.
    package func start() async throws -> [Provider: Int] {
        let context = try NIOSSLContext(configuration: try self.configuration.credentials.serverConfiguration())
        var ports: [Provider: Int] = [:]
        do {
            for service in self.configuration.services {
                let listener = try await self.bind(service, context)
                ports[service.provider] = listener.localAddress?.port ?? service.port
                if service.behaviour.isAway {
                    try await listener.close()
                } else {
                    self.listeners.withLock { $0.append(listener) }
                }
            }
        } catch {
            await self.stop()
            throw error
        }
        return ports
    }

    /// Stops listening and ends all connections.
    package func stop() async {
        let listeners = self.listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in listeners { try? await listener.close() }
        await self.connections.closeAll()
    }

    private func bind(_ service: SimulatorConfiguration.Service, _ context: NIOSSLContext) async throws -> any Channel {
        let maximumRequestBytes = self.configuration.maximumRequestBytes
        let attempts = SimulatedAttempts()
        let connections = self.connections
        let witness = SimulatedWitness { [whenShown] in whenShown(service.provider, $0) }
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.addHandler(SimulatedWitnessHandler(witness))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(
                        SimulatorHandler(service, attempts: attempts, maximumRequestBytes: maximumRequestBytes))
                }
            }
            .bind(host: self.configuration.host, port: service.port).get()
    }
}
