internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// One TLS connection that is made only to see whether it can be made; nothing is sent on it.
package enum TLSProbe {
    /// Why there was no usable connection, in a word for the report.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Connects, shakes hands, and waits a little: under TLS 1.3 a server refuses a client after the client's handshake.
    ///
    /// - Parameters:
    ///   - verifiesName: Whether the server's name and chain are checked against the credentials' anchors.
    ///   - patience: How long the server has to refuse.
    /// - Returns: The server's own certificate, DER.
    package static func connect(
        host: String, port: Int, credentials: ProviderCredentials, verifiesName: Bool = true,
        timeout: Duration = .seconds(5), patience: Duration = .milliseconds(300)
    ) async throws -> [UInt8] {
        var configuration = try credentials.clientConfiguration()
        if !verifiesName { configuration.certificateVerification = .none }
        let context = try NIOSSLContext(configuration: configuration)
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: [UInt8].self)
        let limit = TimeAmount.nanoseconds(Int64(timeout / .nanoseconds(1)))
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group)
                .connectTimeout(limit)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = try NIOSSLClientHandler(
                            context: context, serverHostname: verifiesName ? host : nil)
                        try channel.pipeline.syncOperations.addHandlers([handler, ProbeHandler(promise, patience)])
                        channel.eventLoop.scheduleTask(in: limit) {
                            promise.fail(Failure(description: "no TLS within \(timeout)"))
                            channel.close(promise: nil)
                        }
                    }
                }
                .connect(host: host, port: port).get()
        } catch {
            promise.fail(error)
            throw Failure(description: "no connection")
        }
        defer { channel.close(promise: nil) }
        do {
            return try await promise.futureResult.get()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "refused")
        }
    }
}

/// Waits for the end of the handshake and a little longer; an error or an end in that time is a refusal.
private final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let promise: EventLoopPromise<[UInt8]>
    private let patience: TimeAmount

    init(_ promise: EventLoopPromise<[UInt8]>, _ patience: Duration) {
        self.promise = promise
        self.patience = .nanoseconds(Int64(patience / .nanoseconds(1)))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        let certificate = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes()
        let promise = self.promise
        context.eventLoop.scheduleTask(in: self.patience) { promise.succeed(certificate ?? []) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.promise.fail(TLSProbe.Failure(description: "the TLS handshake failed"))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.promise.fail(TLSProbe.Failure(description: "the other side closed the connection"))
        context.fireChannelInactive()
    }
}
