internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import SSBTEK

/// One connection to a simulated base service: reads a request, waits as long as the behaviour says, answers.
///
/// The HTTP pipeline hands over one request at a time, so an answer always belongs to the request before it.
final class SimulatorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let authority: SimulatedAuthority
    private let behaviour: SimulatorBehaviour
    private let attempts: SimulatedAttempts
    private let maximumRequestBytes: Int
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(_ service: SimulatorConfiguration.Service, attempts: SimulatedAttempts, maximumRequestBytes: Int) {
        self.authority = SimulatedAuthority(service.provider, usesSOAP: service.usesSOAP, form: service.form)
        self.behaviour = service.behaviour
        self.attempts = attempts
        self.maximumRequestBytes = maximumRequestBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body.removeAll(keepingCapacity: true)
            self.isTooLarge = false
        case .body(let bytes):
            if self.body.count + bytes.readableBytes > self.maximumRequestBytes {
                self.isTooLarge = true
            } else {
                self.body.append(contentsOf: bytes.readableBytesView)
            }
        case .end:
            guard let head = self.head else { return }
            self.head = nil
            self.requestReceived(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A refused handshake or a broken request: the connection is of no use any more.
        context.close(promise: nil)
    }

    private func requestReceived(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .POST else {
            return self.send(.text("Endast POST", status: 405), head, context)
        }
        guard !self.isTooLarge else {
            return self.send(.text("För stor begäran", status: 413), head, context)
        }
        if let status = self.behaviour.status { return self.send(.text("", status: status), head, context) }
        let decision = self.decision()
        let reply: SimulatedReply? =
            switch decision.outcome {
            case .answer, .twice:
                self.authority.answer(path: head.uri, body: self.body).filled(to: self.behaviour.size)
            case .fault: self.authority.fault
            case .garbage(let kind): self.authority.garbage(kind, path: head.uri, body: self.body)
            case .oversize: self.authority.answer(path: head.uri, body: self.body).filled(to: 12 << 20)
            case .reset, .hang: nil
            }
        if decision.outcome == .hang { return }
        let announced = decision.outcome != .oversize
        if decision.outcome == .twice, let reply { self.answerAgain(reply, decision.latency, context) }
        guard decision.latency > .zero else { return self.finish(reply, head, context, announced: announced) }
        let delay = TimeAmount.nanoseconds(Int64(decision.latency / .nanoseconds(1)))
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            self.finish(reply, head, context, announced: announced)
        }
    }

    /// Reads whom the question is about only where it makes a difference.
    private func decision() -> SimulatedDecision {
        if let constant = self.behaviour.constantDecision { return constant }
        let digits = self.authority.digits(of: self.body)
        return self.behaviour.decision(
            for: self.authority.provider, about: digits, attempt: self.attempts.next(for: digits))
    }

    private func finish(
        _ reply: SimulatedReply?, _ head: HTTPRequestHead, _ context: ChannelHandlerContext, announced: Bool
    ) {
        guard context.channel.isActive else { return }
        if let reply {
            self.send(reply, head, context, announced: announced)
        } else {
            Self.cut(context.channel)
        }
    }

    /// The same answer once more, below the HTTP pipeline, which hands over only what was asked for.
    private func answerAgain(_ reply: SimulatedReply, _ latency: Duration, _ context: ChannelHandlerContext) {
        let head =
            "HTTP/1.1 \(reply.status) OK\r\nContent-Type: \(reply.contentType)\r\n"
            + "Content-Length: \(reply.body.count)\r\n\r\n"
        let bytes = ByteBuffer(bytes: Array(head.utf8) + reply.body)
        let channel = context.channel
        // One turn of the loop after the first answer, at the earliest.
        let delay = TimeAmount.nanoseconds(Int64((latency + self.behaviour.twiceAfter) / .nanoseconds(1)) + 1)
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            guard channel.isActive,
                let tls = try? channel.pipeline.syncOperations.context(handlerType: SimulatedWitnessHandler.self)
            else { return }
            tls.writeAndFlush(NIOAny(bytes), promise: nil)
        }
    }

    /// Ends a connection below TLS, so that the other side sees it end without a goodbye.
    ///
    /// On the connection's event loop only.
    static func cut(_ channel: any Channel) {
        if let tls = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
            tls.close(promise: nil)
        } else {
            channel.close(promise: nil)
        }
    }

    private func send(
        _ reply: SimulatedReply, _ request: HTTPRequestHead, _ context: ChannelHandlerContext, announced: Bool = true
    ) {
        var headers = HTTPHeaders([("Content-Type", reply.contentType)])
        // Without a length the body goes in chunks.
        if announced { headers.add(name: "Content-Length", value: String(reply.body.count)) }
        if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
        let written = context.writeAndFlush(self.wrapOutboundOut(.end(nil)))
        if !request.isKeepAlive { written.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
    }
}
