import Gateway

/// An ingress's transport that does not do what the port says.
struct SabotagedIngress: IngressTransport {
    enum Fault: Sendable {
        /// Replies are taken from the queue and reach nobody.
        case losesReplies
        /// The first work item of a transaction is not published.
        case forgetsWork
        /// Work may take longer than the one who asks waits.
        case givesTooMuchTime
    }

    let base: any IngressTransport
    let fault: Fault

    var replyAddress: ReplyAddress { self.base.replyAddress }
    var isAvailable: Bool { self.base.isAvailable }

    func dispatch(_ manifest: Manifest, shard: Int, items: [WorkItem]) async throws(TransportError) {
        switch self.fault {
        case .losesReplies: try await self.base.dispatch(manifest, shard: shard, items: items)
        case .forgetsWork: try await self.base.dispatch(manifest, shard: shard, items: Array(items.dropFirst()))
        case .givesTooMuchTime:
            try await self.base.dispatch(manifest, shard: shard, items: items.map { $0.prolonged(by: .seconds(5)) })
        }
    }

    func receiveReplies(_ handler: @escaping @Sendable (Reply) -> Void) async throws {
        let fault = self.fault
        try await self.base.receiveReplies { if fault != .losesReplies { handler($0) } }
    }
}

extension WorkItem {
    func prolonged(by duration: Duration) -> Self {
        Self(
            transaction: self.transaction, slot: self.slot, shard: self.shard, deadline: self.deadline + duration,
            remaining: self.remaining + duration, question: self.question)
    }
}
