import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// `GET /live` and `GET /ready` over plain HTTP on a loopback port, for whoever runs the process; nothing else.
///
/// `/live` is 200 while the process runs. `/ready` is 200 when the process can do its work, else 503 with one word. List
/// it before the other services, so that it is the last to stop and shows the shutdown as not ready.
package struct HealthEndpoint: Service {
    private let host: String
    private let port: Int
    private let readiness: @Sendable () async -> Readiness
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// Probes come one at a time; more connections than this wait to be accepted.
    private static let maximumConnections = 16

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - onListening: told the port that was bound.
    package init(
        host: String = "127.0.0.1",
        port: Int = 0,
        logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in },
        readiness: @escaping @Sendable () async -> Readiness
    ) {
        self.host = host
        self.port = port
        self.readiness = readiness
        self.logger = logger
        self.onListening = onListening
    }

    /// Throws ``HTTPIngressError`` when the port cannot be listened on.
    package func run() async throws {
        let (readiness, onListening) = (self.readiness, self.onListening)
        let server = Server(
            childChannelSetup: HTTP1Channel(
                responder: { request, writer, _ in
                    let (status, text) = await Self.answer(request, readiness: readiness)
                    let head = HTTPResponse(
                        status: status,
                        headerFields: [
                            .contentType: "text/plain; charset=us-ascii", .contentLength: "\(text.utf8.count + 1)",
                            .cacheControl: "no-store",
                        ]
                    )
                    try await writer.write(
                        response: head, body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
                },
                configuration: .init(
                    idleTimeout: .seconds(10),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 4_096, maxHeaderListSize: 4_096, maxHeaderFieldCount: 32
                    )
                )
            ),
            configuration: ServerConfiguration(
                address: .hostname(self.host, port: self.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections, logger: self.logger)
            ),
            onServerRunning: { onListening($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: self.logger
        )
        do {
            try await server.run()
        } catch {
            throw HTTPIngressError(code: .cannotListen, cause: "\(error)")
        }
    }

    private static func answer(
        _ request: Request, readiness: @Sendable () async -> Readiness
    ) async -> (HTTPResponse.Status, String) {
        let path = request.head.path
        guard path == "/live" || path == "/ready" else { return (.notFound, "not-found") }
        guard request.method == .get else { return (.methodNotAllowed, "method-not-allowed") }
        if path == "/live" { return (.ok, "live") }
        switch await readiness() {
        case .ready: return (.ok, "ready")
        case .notReady(let reason): return (.serviceUnavailable, "\(reason)")
        }
    }
}
