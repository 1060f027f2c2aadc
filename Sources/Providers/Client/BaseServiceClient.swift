internal import AsyncHTTPClient
internal import Erasure
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
/// reached, `SSBT-3` when what it sent is no answer, `SSBT-4` when it was not asked because it does not answer lately,
/// source `BT` when it said no itself. Logs nothing; the worker records how it went. When trust changes, new requests go over new connections and those in flight end on the old ones.
package final class BaseServiceClient: BaseServiceAsking, Service {
    /// What happened beside an answer.
    package enum Event: Hashable, Sendable {
        /// Its circuit breaker has changed.
        case breaker(CircuitBreaker.State)
        /// A question is put again.
        case retry
        /// An answer was about somebody else, and was refused; the connections are replaced.
        case answerAboutAnother
    }

    private let configuration: ProviderConfiguration
    private let adapter: BaseServiceAdapter
    private let breaker: SharedBreaker
    private let retries: RetryPolicy
    private let onEvent: @Sendable (Event) -> Void
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
    ///   - onEvent: called at once, under a lock; it only notes.
    package init(
        _ configuration: ProviderConfiguration, contract: Contract, credentials: ProviderCredentials,
        acceptsServer: @escaping @Sendable ([UInt8]) -> Bool,
        onEvent: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        self.breaker = SharedBreaker(configuration.breaker) { onEvent(.breaker($0)) }
        self.retries = RetryPolicy(configuration.retry)
        self.onEvent = onEvent
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
        self.use(try Self.pool(self.configuration, credentials: credentials, acceptsServer: self.acceptsServer))
        return true
    }

    private func use(_ new: ClientPool) {
        let replaced = self.pools.withLock { pools in
            pools.replaced.append(pools.current)
            defer { pools.current = new }
            return pools.current
        }
        if replaced.retire() { self.drain.yield(replaced) }
    }

    /// An answer was about somebody else: the connection that it came on is out of step, and would be with the next
    /// question as well.
    ///
    /// Which of the pool's connections that was is not known, so all are given up.
    private func giveUp(_ pool: ClientPool) {
        self.onEvent(.answerAboutAnother)
        // One that is no longer current is used by nobody new. Its credentials made connections before.
        guard self.pools.withLock({ $0.current === pool }),
            let new = try? Self.pool(
                self.configuration, credentials: pool.credentials, acceptsServer: self.acceptsServer)
        else { return }
        self.use(new)
    }

    /// Whether it is asked at the moment.
    package var breakerState: CircuitBreaker.State { self.breaker.state }

    /// Asks within `remaining`; again where that may help and there is time for it.
    package func ask(_ question: Question, within remaining: Duration) async -> SectionOutcome {
        guard remaining > .zero else { return .error(.gateway(.noAnswerInTime)) }
        let deadline = NIODeadline.now() + .nanoseconds(Self.nanoseconds(remaining))
        let request = self.adapter.request(for: question)
        // At once instead of waiting for what will not come.
        guard var ticket = self.breaker.ask() else { return .error(.gateway(.heldBack)) }
        var number = 1
        while true {
            let attempt = await self.attempt(request, for: question, before: deadline)
            let pause = self.retries.pause(
                after: number, attempt.cause, remaining: Self.timeLeft(until: deadline), draw: .random(in: 0...1))
            // A kept connection that lay idle for too long says nothing about the base service; the next attempt does.
            let saysNothing = attempt.cause == .closedConnection && number == 1 && pause != nil
            self.breaker.ended(ticket, saysNothing ? .undecided : attempt.result)
            guard let pause, await Self.slept(pause) else { return attempt.outcome }
            // Held back meanwhile: what the asker is told is how the last attempt ended.
            guard let next = self.breaker.ask() else { return attempt.outcome }
            ticket = next
            number += 1
            self.onEvent(.retry)
        }
    }

    private func attempt(
        _ request: BaseServiceRequest, for question: Question, before deadline: NIODeadline
    ) async -> Attempt {
        let granted = Self.timeLeft(until: deadline)
        let collector = ResponseCollector(maximumBytes: self.configuration.maximumResponseBytes)
        do {
            let pool = self.poolForRequest()
            defer { if pool.end() { self.drain.yield(pool) } }
            let response = try await self.send(request, over: pool, to: collector, before: deadline)
            let section = self.adapter.section(of: response, to: question)
            if section.isAboutAnother { self.giveUp(pool) }
            return Attempt(response, section.outcome)
        } catch {
            return Attempt(
                error, hasBegun: collector.hasBegun, granted: granted, patience: self.configuration.breaker.patience)
        }
    }

    /// False when the task was cancelled meanwhile.
    private static func slept(_ pause: Duration) async -> Bool {
        guard pause > .zero else { return true }
        do {
            try await Task.sleep(for: pause)
            return true
        } catch {
            return false
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

    private func send(
        _ request: BaseServiceRequest, over pool: ClientPool, to collector: ResponseCollector,
        before deadline: NIODeadline
    ) async throws -> BaseServiceResponse {
        let address = request.path == nil ? self.address : URL(string: self.configuration.url(with: request.path))
        guard let address else { throw HTTPClientError.invalidURL }
        let message = try HTTPClient.Request(
            url: address, method: .POST, headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
            body: .byteBuffer(ByteBuffer(bytes: request.body)))
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
            let pipeline = channel.pipeline.syncOperations
            let tls = try pipeline.handler(type: NIOSSLClientHandler.self)
            try pipeline.addHandler(PlaintextErasure(), position: .after(tls))
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

    private static func timeLeft(until deadline: NIODeadline) -> Duration {
        .nanoseconds((deadline - .now()).nanoseconds)
    }
}
