import Logging
import NIOCore
import Observability

/// Keeps the listening socket open when a connection cannot be accepted, for example for want of file descriptors.
///
/// Without it such an error reaches the end of the pipeline, where it ends Hummingbird's accept loop for good. Accepting
/// rests for a moment after each error, because the connection that could not be accepted is still waiting, and the
/// same error would come back at once, thousands of times a second.
final class AcceptErrorHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let logger: Logger
    private var lastWarning: NIODeadline?

    private static let rest = TimeAmount.milliseconds(100)
    private static let timeBetweenWarnings = TimeAmount.seconds(10)

    init(logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.setAccepting(false, context)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) { self.setAccepting(true, context) }
        let now = NIODeadline.now()
        if let last = self.lastWarning, now - last < Self.timeBetweenWarnings { return }
        self.lastWarning = now
        let number = (error as? IOError).map { "errno \($0.errnoCode)" } ?? "\(type(of: error))"
        self.logger.warning("A connection could not be accepted", metadata: [LogKeys.reason: "\(number)"])
    }

    private func setAccepting(_ isAccepting: Bool, _ context: ChannelHandlerContext) {
        // Fails only when the socket has been closed meanwhile, and then there is nothing to accept.
        try? context.channel.syncOptions?.setOption(.autoRead, value: isAccepting)
    }
}
