import NIOCore

/// One direction of one connection through a link: takes from its own channel, gives to the other's.
///
/// On its event loop only; both channels of a connection have the same.
final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: Link
    private var context: ChannelHandlerContext?
    private var waiting = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer)>()
    private var lastDue = NIODeadline.uptimeNanoseconds(0)
    private var hasEnded = false
    private var isScheduled = false
    /// Whom the bytes are for; the two know each other until the connection ends.
    var peer: Relay?

    init(_ link: Link) { self.link = link }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        var due = NIODeadline.now()
        if case .slow(let latency, let rate) = self.link.mode {
            let sending = TimeAmount.nanoseconds(Int64(bytes.readableBytes) * 1_000_000_000 / Int64(rate))
            due = max(due + latency, self.lastDue) + sending
        }
        self.lastDue = max(due, self.lastDue)
        self.waiting.append((self.lastDue, bytes))
        self.pump()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.hasEnded = true
        self.pump()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Passes on what is due, unless the link holds everything back.
    func pump() {
        guard self.link.mode != .frozen else { return }
        let now = NIODeadline.now()
        var isFlushDue = false
        while let first = self.waiting.first, first.due <= now {
            self.waiting.removeFirst()
            self.peer?.context?.write(NIOAny(first.bytes), promise: nil)
            isFlushDue = true
        }
        if isFlushDue { self.peer?.context?.flush() }
        if let first = self.waiting.first {
            self.schedule(first.due)
        } else if self.hasEnded {
            self.peer?.context?.close(promise: nil)
            self.peer = nil
        }
    }

    /// Ends both sides with a reset instead of a goodbye.
    func reset() {
        for context in [self.context, self.peer?.context] {
            guard let context else { continue }
            Link.resets(context.channel)
            context.close(promise: nil)
        }
        self.waiting.removeAll()
        self.peer?.waiting.removeAll()
    }

    private func schedule(_ due: NIODeadline) {
        guard !self.isScheduled, let loop = self.context?.eventLoop else { return }
        self.isScheduled = true
        loop.assumeIsolated().scheduleTask(deadline: due) {
            self.isScheduled = false
            self.pump()
        }
    }
}
