import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Stage receive: the HTTPS endpoint that takes signed messages over mutual TLS and hands them to the gateway.
///
/// Runs until graceful shutdown: then it stops accepting, closes idle connections, answers what is in flight with
/// `Connection: close`, and after ``HTTPIngressConfiguration/shutdownTime`` refuses what is left as shutting down.
package struct HTTPIngress: Service {
    private let configuration: HTTPIngressConfiguration
    private let credentials: any TransportCredentials
    private let handler: any RequestHandling
    private let admitting: any RequestAdmitting
    private let noting: any RefusalNoting
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// File descriptors for everything in the process that is not an inbound connection.
    private static let reservedDescriptors = 256

    /// - Parameters:
    ///   - admitting: decides about each request before its body is read.
    ///   - noting: is told of each refusal that the handler does not see.
    ///   - onListening: told the port that was bound, once connections are accepted.
    package init(
        configuration: HTTPIngressConfiguration,
        credentials: any TransportCredentials,
        handler: any RequestHandling,
        admitting: any RequestAdmitting = EverybodyAdmitted(),
        noting: any RefusalNoting = NobodyNotes(),
        logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.credentials = credentials
        self.handler = handler
        self.admitting = admitting
        self.noting = noting
        self.logger = logger
        self.onListening = onListening
    }

    /// Throws ``HTTPIngressError``.
    package func run() async throws {
        let server = try self.makeServer()
        let shutdownTime = self.configuration.shutdownTime
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await server.run()
                } catch {
                    throw HTTPIngressError(code: .cannotListen, cause: "\(error)")
                }
                guard Task.isShuttingDownGracefully || Task.isCancelled else {
                    throw HTTPIngressError(code: .stoppedListening, cause: "")
                }
            }
            group.addTask {
                // Both throw only when cancelled: the server has ended, or this whole service is to end now.
                try? await gracefulShutdown()
                try? await Task.sleep(for: shutdownTime)
            }
            // Either everything has been answered, or the time for it has passed.
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func makeServer() throws -> some Service {
        let contexts: ServerTLSContexts
        do {
            contexts = try ServerTLSContexts(
                credentials: self.credentials, configuration: self.configuration, logger: self.logger
            )
        } catch {
            throw HTTPIngressError(code: .credentialsUnusable, cause: "\(error)")
        }
        let limits = IngressLimits(configuration: self.configuration, maximumConnections: self.possibleConnections())
        let (logger, onListening) = (self.logger, self.onListening)
        return Server(
            childChannelSetup: IngressChannel(
                configuration: self.configuration, credentials: self.credentials, contexts: contexts,
                handler: self.handler, limits: limits, admitting: self.admitting, noting: self.noting,
                metrics: IngressMetrics()
            ),
            configuration: ServerConfiguration(
                address: .hostname(self.configuration.host, port: self.configuration.port), backlog: 1_024
            ),
            onServerRunning: { channel in
                // Fails only when the socket has been closed already, which ends the server anyway.
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(AcceptErrorHandler(logger: logger), position: .first)
                }.get()
                onListening(channel.localAddress?.port ?? 0)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: self.logger
        )
    }

    /// The configured number of connections, or as many as the process may open files for.
    private func possibleConnections() -> Int {
        let wanted = self.configuration.maximumConnections
        let possible = FileDescriptors.raise(to: wanted + Self.reservedDescriptors) - Self.reservedDescriptors
        guard possible < wanted else { return wanted }
        self.logger.warning(
            "Fewer connections than configured: the process may not open enough files",
            metadata: ["connections.configured": "\(wanted)", "connections.possible": "\(max(1, possible))"]
        )
        return max(1, possible)
    }
}
