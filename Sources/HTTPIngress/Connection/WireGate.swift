import NIOCore

/// Sits between TLS and the HTTP parser, tells when bytes arrive, and hands them on as far as they are wanted.
///
/// The parser reads whatever it is given, and is silent until a whole header has come. What a client sends behind a request
/// that is not answered yet would be read as hundreds of requests, each a hundred times larger than on the wire; here it
/// stays bytes, as many as one read brings, and nothing more is read until they are wanted.
final class WireGate: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let onBytes: () -> Void
    /// How many bytes the parser may be given now.
    private let allowance: () -> Int
    private var held: ByteBuffer?
    private var holdsEnd = false
    private var holdsRead = false
    private var isPassing = false
    private var context: ChannelHandlerContext?

    init(onBytes: @escaping () -> Void, allowance: @escaping () -> Int) {
        self.onBytes = onBytes
        self.allowance = allowance
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.held = nil
    }

    /// A request has been answered: the next one is wanted.
    func resume() {
        guard let context, self.held != nil, !self.isPassing else { return }
        self.pass(context)
        context.fireChannelReadComplete()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.onBytes()
        if self.held?.writeBuffer(&bytes) == nil { self.held = bytes }
        self.pass(context)
    }

    private func pass(_ context: ChannelHandlerContext) {
        guard !self.isPassing else { return }
        self.isPassing = true
        defer { self.isPassing = false }
        while let count = self.held?.readableBytes, count > 0 {
            let wanted = min(count, self.allowance())
            guard wanted > 0, let bytes = self.held?.readSlice(length: wanted) else { return }
            // Not kept when it has been read: it is content.
            if wanted == count { self.held = nil }
            context.fireChannelRead(self.wrapInboundOut(bytes))
        }
        self.held = nil
        if self.holdsEnd {
            self.holdsEnd = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        if self.holdsRead {
            self.holdsRead = false
            context.read()
        }
    }

    func read(context: ChannelHandlerContext) {
        if self.held == nil { context.read() } else { self.holdsRead = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if self.held != nil, case ChannelEvent.inputClosed = event {
            self.holdsEnd = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

extension RequestAssembler {
    /// How many bytes the parser is to be given: to the end of the body if that is known, else so few that not many requests
    /// can be in them, and none as long as there is no answer.
    var allowance: Int {
        switch self.exchange {
        case .handling, .pausing: 0
        case .receiving(let head, _, _):
            max(Self.step, (head.contentLength ?? 0) - self.body.count)
        case .none, .discarding, .refusedBeforeEnd: Self.step
        case .over: .max
        }
    }

    private static let step = 1_024
}
