import Logging
import NIOCore
import Observability
import SHS

/// How a request is refused on the ingress's own account.
extension RequestAssembler {
    func refuse(_ fault: Fault, context: ChannelHandlerContext, writingTo output: ChannelHandlerContext? = nil) {
        let refusal = HTTPRefusal(fault, retryAfter: self.configuration.retryAfter)
        self.refuse(refusal, keepsAlive: false, context: context, writingTo: output)
    }

    /// Refuses on the ingress's own account; the request may still be arriving.
    func refuse(
        _ refusal: HTTPRefusal, keepsAlive: Bool, context: ChannelHandlerContext,
        writingTo output: ChannelHandlerContext? = nil
    ) {
        var isComplete = false
        if case .handling = self.exchange { isComplete = true }
        let next = keepsAlive ? RequestExchange.refusedBeforeEnd : .over(requestComplete: isComplete)
        self.refuse(refusal, next: next, context: context, writingTo: output)
    }

    func refuse(
        _ refusal: HTTPRefusal, next: RequestExchange, context: ChannelHandlerContext,
        writingTo output: ChannelHandlerContext? = nil
    ) {
        self.body = []
        self.metrics.refused(refusal)
        self.noting.refused(refusal.reason, client: self.acceptedClient)
        self.logger.debug("Refused a request", metadata: [LogKeys.reason: "\(refusal.reason)"])
        switch next {
        case .none where self.isPipelined: self.pause(refusal, requestComplete: true, context: context)
        case .refusedBeforeEnd where self.isPipelined: self.pause(refusal, requestComplete: false, context: context)
        default: self.send(refusal, next: next, context: context, writingTo: output)
        }
    }

    /// Thousands of small requests in one go cost the client nothing, and us a refusal each: it gets a few of them a second.
    private func pause(_ refusal: HTTPRefusal, requestComplete: Bool, context: ChannelHandlerContext) {
        self.exchange = .pausing(refusal, requestComplete: requestComplete)
        self.timeline.enter(.handling, at: .now())
        let time = TimeAmount(self.configuration.pipelinedRefusalTime)
        context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            // It may have been closed.
            guard case .pausing(let refusal, let requestComplete) = self.exchange else { return }
            let goesOn: RequestExchange = requestComplete ? .none : .refusedBeforeEnd
            self.send(
                refusal, next: self.inputIsClosed ? .over(requestComplete: requestComplete) : goesOn, context: context)
        }
    }

    private func send(
        _ refusal: HTTPRefusal, next: RequestExchange, context: ChannelHandlerContext,
        writingTo output: ChannelHandlerContext? = nil
    ) {
        self.send(
            ResponseParts(refusal: refusal, allocator: context.channel.allocator), next: next, context: context,
            writingTo: output
        )
    }

    /// Too many requests: answered when the request's body has passed by, or at once where that would take too much.
    func hold(back head: RequestHead, for time: Duration?, context: ChannelHandlerContext) {
        let refusal = HTTPRefusal(.tooManyRequests, retryAfter: time ?? self.configuration.retryAfter)
        // A client that waits for 100 Continue sends its body after a refusal or does not; nobody can tell.
        guard head.keepsAlive, !head.expectsContinue,
            head.contentLength ?? 0 <= self.configuration.maximumDiscardedBytes
        else {
            return self.refuse(refusal, keepsAlive: false, context: context)
        }
        self.exchange = .discarding(refusal, bytes: 0)
        self.timeline.enter(.readingBody(bytes: 0), at: self.requestBegan)
    }

    func discard(
        _ count: Int, after bytes: Int, _ refusal: HTTPRefusal, context: ChannelHandlerContext
    ) {
        self.timeline.bodyArrived(bytes: count)
        guard bytes + count <= self.configuration.maximumDiscardedBytes else {
            return self.refuse(refusal, keepsAlive: false, context: context)
        }
        self.exchange = .discarding(refusal, bytes: bytes + count)
    }
}
