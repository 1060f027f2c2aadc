/// Stages dispatch and reply, as the ingress sees them.
package protocol IngressTransport: Sendable {
    /// Where this ingress's replies arrive.
    var replyAddress: ReplyAddress { get }
    /// Whether a dispatch can be tried now; false answers 503 at once.
    var isAvailable: Bool { get }

    /// Publishes the manifest first, then the work items; returns when every one has been confirmed.
    ///
    /// When it throws, some may have been taken: the transaction then ends at its deadline without anybody waiting.
    func dispatch(_ manifest: Manifest, shard: Int, items: [WorkItem]) async throws(TransportError)

    /// Hands each reply to `handler` and acknowledges it afterwards; returns at graceful shutdown.
    func receiveReplies(_ handler: @escaping @Sendable (Reply) -> Void) async throws
}
