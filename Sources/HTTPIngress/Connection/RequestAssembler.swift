import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS
import Observability
import SHS

/// The HTTP side of one connection: collects a request, refuses what must be refused, writes the response.
///
/// Lives on its connection's event loop, as the last handler before the asynchronous side, which sees only complete and
/// permitted requests. What may be accepted is decided in ``RequestHead``, ``ClientCertificate``, ``IngressLimits`` and
/// ``ConnectionTimeline``; this is the shell that acts on it.
final class RequestAssembler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = AssembledRequest
    typealias OutboundIn = OutboundResponse
    typealias OutboundOut = HTTPServerResponsePart

    let configuration: HTTPIngressConfiguration
    private let client: ClientCertificate
    private let connection: ConnectionAdmission
    private let limits: IngressLimits
    private let admitting: any RequestAdmitting
    let noting: any RefusalNoting
    let metrics: IngressMetrics
    let logger: Logger
    var timeline: ConnectionTimeline
    var exchange = RequestExchange.none
    var body: [UInt8] = []
    var requestBegan = NIODeadline.now()
    /// Distinguishes a response whose last byte has just left from one that a pipelined request has overtaken.
    private var responseNumber = 0
    var inputIsClosed = false
    /// A response has left, and nothing has arrived since.
    private var hasAnswered = false
    /// Told when the parser may go on.
    var onAnswered: () -> Void = {}
    /// The request had been sent before the last response left.
    var isPipelined = false
    /// Pieces in which the body has come.
    private var bodyPieces = 0
    /// What the client's requests are counted under.
    private var clientNumber = 0
    /// What the last response holds until it has left.
    private var unsent: RequestAdmission?
    let alarm = DeadlineAlarm()

    init(
        configuration: HTTPIngressConfiguration, client: ClientCertificate, connection: ConnectionAdmission,
        limits: IngressLimits, admitting: any RequestAdmitting, noting: any RefusalNoting, metrics: IngressMetrics,
        logger: Logger
    ) {
        self.configuration = configuration
        self.client = client
        self.connection = connection
        self.limits = limits
        self.admitting = admitting
        self.noting = noting
        self.metrics = metrics
        self.logger = logger
        self.timeline = ConnectionTimeline(configuration: configuration, at: .now())
    }

    func bytesArrived() {
        self.hasAnswered = false
        self.timeline.bytesArrived(at: .now())
    }

    // MARK: The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head): self.headReceived(head, context: context)
        case .body(let bytes): self.bodyReceived(bytes, context: context)
        case .end: self.endReceived(context: context)
        }
    }

    private func headReceived(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard case .none = self.exchange else { return }
        self.requestBegan = .now()
        self.isPipelined = self.hasAnswered
        self.bodyPieces = 0
        // Before anything else, so that a client that is not accepted learns nothing about this server.
        guard self.client.isAccepted(at: self.requestBegan) else {
            return self.refuse(
                self.client.isAwaited ? .transportRevocationUnknown : .transportUntrusted, context: context)
        }
        switch RequestHead.decide(head, configuration: self.configuration) {
        case .refused(let refusal, let keepsAlive):
            self.refuse(refusal, keepsAlive: keepsAlive, context: context)
        case .accepted(let head):
            guard let admission = self.limits.admitRequest(of: self.clientNumber) else {
                return self.hold(back: head, for: nil, context: context)
            }
            switch self.admitting.admit(self.client.chain) {
            case .refused(let time): return self.hold(back: head, for: time, context: context)
            case .admitted(let permit): self.exchange = .receiving(head, admission, permit)
            }
            self.body = []
            // Enough for ten questions without a second copy; more is taken when it arrives, not when it is announced.
            self.body.reserveCapacity(min(head.contentLength ?? 0, 64 * 1_024))
            self.timeline.enter(.readingBody(bytes: 0), at: self.requestBegan)
            if head.expectsContinue {
                context.writeAndFlush(
                    self.wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
            }
        }
    }

    private func bodyReceived(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
        if case .discarding(let refusal, let before) = self.exchange {
            return self.discard(bytes.readableBytes, after: before, refusal, context: context)
        }
        guard case .receiving(_, let admission, _) = self.exchange else { return }
        self.bodyPieces += 1
        guard self.body.count + bytes.readableBytes <= self.configuration.maximumBodyBytes,
            self.bodyPieces <= self.configuration.maximumBodyPieces
        else {
            return self.refuse(.messageTooLarge, context: context)
        }
        guard admission.buffer(bytes.readableBytes) else { return self.refuse(.tooManyRequests, context: context) }
        self.body.append(contentsOf: bytes.readableBytesView)
        self.timeline.bodyArrived(bytes: bytes.readableBytes)
    }

    private func endReceived(context: ChannelHandlerContext) {
        switch self.exchange {
        case .discarding(let refusal, _):
            // NIO's pipeline handler has the whole request: the next byte is the next one's.
            self.refuse(refusal, next: self.inputIsClosed ? .over(requestComplete: true) : .none, context: context)
        case .receiving(let head, let admission, let permit):
            self.exchange = .handling(admission, keepsAlive: head.keepsAlive)
            self.timeline.enter(.handling, at: .now())
            let chain = self.client.chain
            let request = InboundRequest(
                body: self.body, contentType: head.contentType, peer: chain.first ?? [], peerChain: chain,
                permit: permit
            )
            self.body = []
            context.fireChannelRead(self.wrapInboundOut(AssembledRequest(request: request, admission: admission)))
        case .refusedBeforeEnd:
            self.exchange = .none
        case .pausing(let refusal, _):
            self.exchange = .pausing(refusal, requestComplete: true)
        case .over:
            self.exchange = .over(requestComplete: true)
            if self.timeline.phase == .lingering { self.close(context) }
        case .none, .handling:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.setAlarm(context: context)
        context.fireChannelReadComplete()
    }

    // MARK: The response

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Anything else: the time to shut down passed, and the client has been told so instead.
        guard case .handling(let admission, let keepsAlive) = self.exchange else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let response: ResponseParts
        switch self.unwrapOutboundIn(data) {
        case .reply(let bytes):
            response = ResponseParts(reply: bytes, allocator: context.channel.allocator)
        case .refused(let fault, let retryAfter):
            let refusal = HTTPRefusal(fault, retryAfter: retryAfter ?? self.configuration.retryAfter)
            self.metrics.refused(refusal)
            response = ResponseParts(refusal: refusal, allocator: context.channel.allocator)
        }
        admission.hold(response.body.readableBytes)
        self.unsent = admission
        let staysOpen = keepsAlive && !self.inputIsClosed
        self.send(response, next: staysOpen ? .none : .over(requestComplete: true), context: context)
        promise?.succeed()
    }

    func send(
        _ response: ResponseParts, next: RequestExchange, context: ChannelHandlerContext,
        writingTo other: ChannelHandlerContext? = nil
    ) {
        let output = other ?? context
        var head = HTTPResponseHead(version: .http1_1, status: response.status, headers: response.headers)
        if case .over = next { head.headers.add(name: "Connection", value: "close") }
        // Before the last part is written: writing it may bring in the next, pipelined, request at once.
        self.exchange = next
        self.timeline.enter(.responding, at: .now())
        self.responseNumber += 1
        let (number, began, status) = (self.responseNumber, self.requestBegan, Int(response.status.code))

        output.write(self.wrapOutboundOut(.head(head)), promise: nil)
        output.write(self.wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess {
            self.metrics.responded(status: status, after: .now() - began)
            self.metrics.counted(self.limits.counts)
            self.responseSent(number: number, context: context)
        }
        self.hasAnswered = true
        output.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: sent)
        self.onAnswered()
        self.setAlarm(context: context)
    }

    private func responseSent(number: Int, context: ChannelHandlerContext) {
        guard number == self.responseNumber else { return }
        self.unsent = nil
        guard self.timeline.phase == .responding else { return }
        switch self.exchange {
        case .none, .refusedBeforeEnd: self.timeline.enter(.idle, at: .now())
        case .over(let requestComplete) where requestComplete || self.inputIsClosed: self.close(context)
        case .over: self.timeline.enter(.lingering, at: .now())
        case .receiving, .discarding, .pausing, .handling: return
        }
        self.setAlarm(context: context)
    }

    /// Whom a refusal is noted of: only a client that is accepted is known.
    var acceptedClient: [[UInt8]] { self.client.wasAccepted ? self.client.chain : [] }

    // MARK: Events of the connection

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted:
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            guard self.client.handshakeCompleted(certificate), let leaf = self.client.chain.first else {
                return self.close(context)
            }
            guard let number = self.connection.handshakeCompleted(certificate: leaf) else {
                self.metrics.ended(.tooMany)
                self.noting.refused(IngressMetrics.Ending.tooMany.rawValue, client: self.client.chain)
                return self.close(context)
            }
            self.clientNumber = number
            self.timeline.enter(.idle, at: .now())
            self.setAlarm(context: context)
        case ChannelEvent.inputClosed:
            // Not passed on: the asynchronous side would close before a response in progress has left.
            self.inputIsClosed = true
            if case .none = self.exchange { self.close(context) }
            if self.timeline.phase == .lingering { self.close(context) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is ShutdownTimePassed else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        switch self.exchange {
        case .receiving, .discarding, .handling: self.refuse(.shuttingDown, context: context)
        case .none, .refusedBeforeEnd, .pausing, .over: self.close(context)
        }
        promise?.succeed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error, self.exchange) {
        case (let error as HTTPParserError, .none), (let error as HTTPParserError, .receiving),
            (let error as HTTPParserError, .discarding):
            self.requestBegan = .now()
            let refusal: HTTPRefusal = error == .headerOverflow ? .headerTooLarge : .badRequest
            self.refuse(refusal, keepsAlive: false, context: context)
        case (is HTTPParserError, _), (is ByteToMessageDecoderError, _):
            // More of a request that has been refused; the time to linger ends it.
            break
        default:
            if self.timeline.phase == .handshaking { self.metrics.ended(.handshakeFailed) }
            self.logger.debug("Closing a connection", metadata: [LogKeys.reason: "\(type(of: error))"])
            self.close(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .handling = self.exchange { self.metrics.ended(.abandoned) }
        self.timeline.enter(.closed, at: .now())
        self.exchange = .over(requestComplete: true)
        self.body = []
        self.unsent = nil
        context.fireChannelInactive()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.setAlarm(context: context) }

    func handlerRemoved(context: ChannelHandlerContext) { self.alarm.cancel() }

    func close(_ context: ChannelHandlerContext) {
        self.timeline.enter(.closed, at: .now())
        self.exchange = .over(requestComplete: true)
        context.close(promise: nil)
    }
}
