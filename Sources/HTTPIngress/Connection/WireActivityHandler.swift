import NIOCore

/// Sits between TLS and the HTTP parser and tells when bytes arrive, since the parser is silent until a whole header has.
final class WireActivityHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let onBytes: () -> Void

    init(onBytes: @escaping () -> Void) { self.onBytes = onBytes }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.onBytes()
        context.fireChannelRead(data)
    }
}
