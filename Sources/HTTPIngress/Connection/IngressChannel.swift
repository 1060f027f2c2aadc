import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// How Hummingbird's server sets up each connection it accepts, and what it runs on it.
///
/// Order of the handlers: TLS with the current snapshot's context, the watch for bytes, NIO's HTTP/1 handlers with one
/// request at a time, ``RequestAssembler``; behind that, asynchronous, the stages of the gateway.
struct IngressChannel: ServerChildChannel {
    /// One connection, as complete requests in and whole responses out.
    struct Value: ServerChildChannelValue {
        let requests: NIOAsyncChannel<AssembledRequest, OutboundResponse>
        var channel: any Channel { self.requests.channel }
    }

    let configuration: HTTPIngressConfiguration
    let credentials: any TransportCredentials
    let contexts: ServerTLSContexts
    let handler: any RequestHandling
    let limits: IngressLimits
    let admitting: any RequestAdmitting
    let metrics: IngressMetrics

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            guard let admission = self.limits.admitConnection(from: channel.remoteAddress?.ipAddress ?? "") else {
                // Before TLS, so that whoever opens too many pays more for it than we do.
                self.metrics.ended(.tooMany)
                let value = try Self.wrap(channel)
                channel.close(promise: nil)
                return value
            }
            channel.closeFuture.whenComplete { _ in
                admission.release()
                self.metrics.counted(self.limits.counts)
            }
            self.metrics.counted(self.limits.counts)
            try self.addHandlers(to: channel.pipeline.syncOperations, logger: logger)
            return try Self.wrap(channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            try await withTaskCancellationHandler {
                try await value.requests.executeThenClose { inbound, outbound in
                    for try await assembled in inbound {
                        let response = await self.handler.handle(assembled.request)
                        try await outbound.write(response)
                    }
                }
            } onCancel: {
                value.channel.triggerUserOutboundEvent(ShutdownTimePassed(), promise: nil)
            }
        } catch {
            // The connection is closed; what ended it has been counted on its event loop.
        }
    }

    private func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, logger: Logger) throws {
        let tls = self.contexts.current
        let client = ClientCertificate(
            credentials: self.credentials, context: tls, recheckTime: self.configuration.clientRecheckTime
        )
        let assembler = RequestAssembler(
            configuration: self.configuration, client: client, limits: self.limits,
            admitting: self.admitting, metrics: self.metrics, logger: logger
        )
        try pipeline.addHandler(
            NIOSSLServerHandler(
                context: tls.context,
                customVerificationCallback: { $1.succeed(client.presented($0, at: .now())) }
            )
        )
        try pipeline.addHandler(WireActivityHandler(onBytes: assembler.bytesArrived))
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = self.configuration.maximumHeaderBytes
        decoderLimits.maxHeaderListSize = self.configuration.maximumHeaderBytes
        decoderLimits.maxHeaderFieldCount = self.configuration.maximumHeaderCount
        try pipeline.configureHTTPServerPipeline(
            withErrorHandling: false, withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: decoderLimits
        )
        try pipeline.addHandler(assembler)
    }

    private static func wrap(_ channel: any Channel) throws -> Value {
        Value(requests: try NIOAsyncChannel(wrappingChannelSynchronously: channel))
    }
}
