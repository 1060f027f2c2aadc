import Erasure
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import SHS

/// How Hummingbird's server sets up each connection it accepts, and what it runs on it.
///
/// Order of the handlers: TLS with the current snapshot's context, the erasure of what TLS would keep, back pressure, the
/// gate for bytes, NIO's HTTP/1 handlers with one request at a time, ``RequestAssembler``; behind that, asynchronous, the
/// stages of the gateway.
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
    let noting: any RefusalNoting
    let metrics: IngressMetrics

    /// The plaintext of a TLS record (RFC 8446 section 5.1).
    private static let readBytes = 16 * 1_024

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let address = channel.remoteAddress?.ipAddress ?? ""
            let evict: @Sendable () -> Void = { [metrics] in
                metrics.ended(.evicted)
                channel.close(promise: nil)
            }
            guard let admission = self.limits.admitConnection(from: address, evict: evict) else {
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
            // One record at a time: what a client sends behind a request that is being handled has been read by then.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            try channel.syncOptions?.setOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readBytes))
            try self.addHandlers(to: channel.pipeline.syncOperations, admission, logger: logger)
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

    private func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations, _ admission: ConnectionAdmission, logger: Logger
    ) throws {
        let tls = self.contexts.current
        let client = ClientCertificate(
            credentials: self.credentials, context: tls, recheckTime: self.configuration.clientRecheckTime
        )
        let assembler = RequestAssembler(
            configuration: self.configuration, client: client, connection: admission, limits: self.limits,
            admitting: self.admitting, noting: self.noting, metrics: self.metrics, logger: logger
        )
        try pipeline.addHandler(
            NIOSSLServerHandler(
                context: tls.context,
                customVerificationCallback: { [noting] certificates, promise in
                    let verdict = client.presented(certificates, at: .now())
                    if case .failed = verdict { noting.refused(Fault.transportUntrusted.rawValue, client: []) }
                    promise.succeed(verdict)
                }
            )
        )
        try pipeline.addHandler(PlaintextErasure())
        // A client that sends on and on and does not read what it is answered.
        try pipeline.addHandler(BackPressureHandler())
        let gate = WireGate(onBytes: assembler.bytesArrived, allowance: { assembler.allowance })
        assembler.onAnswered = { [weak gate] in gate?.resume() }
        try pipeline.addHandler(gate)
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
