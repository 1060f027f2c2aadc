import NIOCore
import NIOHTTP1
import SHS

/// What happens when a connection has stayed for too long where it is.
extension RequestAssembler {
    func setAlarm(context: ChannelHandlerContext) {
        guard let deadline = self.timeline.deadline else { return }
        self.alarm.ring(noLaterThan: deadline, on: context.eventLoop) { self.deadlineMayHavePassed(context: context) }
    }

    func deadlineMayHavePassed(context: ChannelHandlerContext) {
        switch self.timeline.expiry(at: .now()) {
        case .refuseAsTooSlow:
            guard case .none = self.exchange else { return self.refuse(.messageTooSlow, context: context) }
            // NIO's pipeline handler takes responses to requests only, and a header that has not ended is none yet.
            let pipeline = context.pipeline.syncOperations
            let output = try? pipeline.context(handlerType: HTTPServerPipelineHandler.self)
            self.requestBegan = .now()
            self.refuse(.messageTooSlow, context: context, writingTo: output)
        case .close:
            switch self.timeline.phase {
            case .handshaking: self.metrics.ended(.handshakeTimeout)
            case .responding:
                self.metrics.ended(.responseTimeout)
                self.noting.refused(IngressMetrics.Ending.responseTimeout.rawValue, client: self.acceptedClient)
            default: break
            }
            self.close(context)
        case nil:
            self.setAlarm(context: context)
        }
    }
}
