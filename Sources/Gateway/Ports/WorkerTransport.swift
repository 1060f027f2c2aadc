package import SSBTEK

/// Stage provide, as the worker sees it.
package protocol WorkerTransport: Sendable {
    /// Hands each work item of `provider` to `handler`, at most `concurrency` at a time, and publishes the answer that it
    /// returns; nil is for an item that needs none.
    ///
    /// An item is acknowledged when its answer has been confirmed, and goes back to the queue when that failed. Returns at
    /// graceful shutdown, when all that were taken have been settled.
    func receiveWork(
        for provider: Provider,
        concurrency: Int,
        _ handler: @escaping @Sendable (WorkItem) async -> ProviderAnswer?
    ) async throws
}
