internal import AsyncHTTPClient
internal import Foundation
internal import Gateway
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
package import SSBTEK
internal import ServiceLifecycle
internal import Synchronization

/// Asks one base service over mutual TLS, with a connection pool of its own.
///
/// Every failure becomes an error section: `SSBT-1` when no answer came in time, `SSBT-2` when the service was not
/// reached, `SSBT-3` when what it sent is no answer, source `BT` when it said no itself. Logs nothing; the worker
/// records how it went. When trust changes, new requests go over new connections and those in flight end on the old ones.
package final class BaseServiceClient: BaseServiceAsking, Service {
    /// A retry with less time than this cannot finish.
    static let shortestRetry = Duration.milliseconds(50)

    private let configuration: ProviderConfiguration
    private let adapter: BaseServiceAdapter
    private let acceptsServer: @Sendable ([UInt8]) -> Bool
    private let pools: Mutex<(current: ClientPool, replaced: [ClientPool])>
    /// Pools that were replaced and have no request left.
    private let drained: AsyncStream<ClientPool>
    private let drain: AsyncStream<ClientPool>.Continuation
    /// Parsed once, for those who are always asked at the same address.
    private let address: URL?

    /// - Parameters:
    ///   - acceptsServer: the gateway's own decision about the server's certificate (DER), asked on every new
    ///     connection after the handshake and before anything is sent.
    package init(
        _ configuration: ProviderConfiguration, contract: Contract, credentials: ProviderCredentials,
        acceptsServer: @escaping @Sendable ([UInt8]) -> Bool
    ) throws {
        self.configuration = configuration
        self.adapter = BaseServiceAdapter(configuration, contract: contract)
        self.address = URL(string: configuration.url)
        self.acceptsServer = acceptsServer
        (self.drained, self.drain) = AsyncStream.makeStream(of: ClientPool.self)
        let first = try Self.pool(configuration, credentials: credentials, acceptsServer: acceptsServer)
        self.pools = Mutex((first, []))
    }

    private static func pool(
        _ configuration: ProviderConfiguration, credentials: ProviderCredentials,
        acceptsServer: @escaping @Sendable ([UInt8]) -> Bool
    ) throws -> ClientPool {
        let servers = AcceptedServers()
        var http = HTTPClient.Configuration(
            tlsConfiguration: try credentials.clientConfiguration(), redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(Self.nanoseconds(configuration.connectTimeout))))
        http.httpVersion = .http1Only
        http.connectionPool.idleTimeout = .nanoseconds(Self.nanoseconds(configuration.idleTimeout))
        http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.concurrency
        // A service that is away is reported at once; waiting for it would use up the time of the whole reply.
        http.connectionPool.retryConnectionEstablishment = false
        http.http1_1ConnectionDebugInitializer = { channel in
            Self.inspect(channel) { certificate in
                guard acceptsServer(certificate) else { return false }
                servers.insert(certificate)
                return true
            }
        }
        http.tracing.tracer = nil
        return ClientPool(http: HTTPClient(configuration: http), credentials: credentials, servers: servers)
    }

    /// Trust has changed, or time has passed: takes new connections into use where the old ones would not be made now.
    ///
    /// That is so with other credentials or anchors, and when a server is no longer accepted that connections lead to.
    /// Throws, and leaves everything as it is, when no connection can be made with such credentials.
    /// - Returns: whether new connections are used from now on.
    @discardableResult
    package func trustChanged(_ credentials: ProviderCredentials) throws -> Bool {
        let old = self.pools.withLock { $0.current }
        guard old.credentials != credentials || !old.servers.all.allSatisfy(self.acceptsServer) else { return false }
        let new = try Self.pool(self.configuration, credentials: credentials, acceptsServer: self.acceptsServer)
        let replaced = self.pools.withLock { pools in
            pools.replaced.append(pools.current)
            defer { pools.current = new }
            return pools.current
        }
        if replaced.retire() { self.drain.yield(replaced) }
        return true
    }

    /// Asks within `remaining`.
    package func ask(_ question: Question, within remaining: Duration) async -> SectionOutcome {
        guard remaining > .zero else { return .error(.gateway(.noAnswerInTime)) }
        let deadline = NIODeadline.now() + .nanoseconds(Self.nanoseconds(remaining))
        let request = self.adapter.request(for: question)
        do {
            return self.adapter.outcome(of: try await self.response(to: request, before: deadline))
        } catch {
            return .error(.gateway(BaseServiceFailure.code(of: error)))
        }
    }

    /// Ends the connections that are no longer used, until the shutdown, and then all: stop the worker before.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await pool in self.drained {
                try? await pool.http.shutdown()
                self.pools.withLock { $0.replaced.removeAll { $0 === pool } }
            }
        }
        await self.shutdown()
    }

    /// Ends all connections; must be called, directly or by ``run()``, before the client goes.
    package func shutdown() async {
        let pools = self.pools.withLock { pools in
            defer { pools.replaced = [] }
            return pools.replaced + [pools.current]
        }
        // One that was shut down already says so; that is what was wanted.
        for pool in pools { try? await pool.http.shutdown() }
    }

    private func response(
        to request: BaseServiceRequest, before deadline: NIODeadline
    ) async throws -> BaseServiceResponse {
        let collector = ResponseCollector(maximumBytes: self.configuration.maximumResponseBytes)
        do {
            return try await self.send(request, to: collector, before: deadline)
        } catch {
            // A kept connection that the other side closed while it lay idle. A question changes nothing, so it may be
            // put again, once, when nothing of an answer came and there is time for it.
            let remaining = Duration.nanoseconds((deadline - .now()).nanoseconds)
            guard BaseServiceFailure.isClosedConnection(error), !collector.hasBegun, remaining >= Self.shortestRetry
            else {
                throw error
            }
            return try await self.send(
                request, to: ResponseCollector(maximumBytes: self.configuration.maximumResponseBytes), before: deadline)
        }
    }

    private func send(
        _ request: BaseServiceRequest, to collector: ResponseCollector, before deadline: NIODeadline
    ) async throws -> BaseServiceResponse {
        let address = request.path == nil ? self.address : URL(string: self.configuration.url(with: request.path))
        guard let address else { throw HTTPClientError.invalidURL }
        let message = try HTTPClient.Request(
            url: address, method: .POST, headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
            body: .byteBuffer(ByteBuffer(bytes: request.body)))
        let pool = self.poolForRequest()
        defer { if pool.end() { self.drain.yield(pool) } }
        let task = pool.http.execute(request: message, delegate: collector, deadline: deadline)
        return try await withTaskCancellationHandler {
            try await task.futureResult.get()
        } onCancel: {
            task.cancel()
        }
    }

    private func poolForRequest() -> ClientPool {
        while true {
            // One that is replaced between the two is not used; its successor stands already.
            let pool = self.pools.withLock { $0.current }
            if pool.begin() { return pool }
        }
    }

    /// Fails the connection unless the server's certificate is accepted: after the handshake, before any request.
    private static func inspect(
        _ channel: any Channel, _ acceptsServer: @Sendable ([UInt8]) -> Bool
    ) -> EventLoopFuture<Void> {
        do {
            guard let certificate = try channel.pipeline.syncOperations.nioSSL_peerCertificate(),
                acceptsServer(try certificate.toDERBytes())
            else { throw ServerRefused() }
            return channel.eventLoop.makeSucceededVoidFuture()
        } catch {
            // The pool forgets a connection that fails here, but does not close it; it is told first.
            channel.eventLoop.execute { channel.close(promise: nil) }
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        Int64(min(duration / .nanoseconds(1), 1e17))
    }
}

/// The server's certificate is not accepted by the gateway's own decision.
private struct ServerRefused: Error {}
