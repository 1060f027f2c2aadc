package import SSBTEK

/// What becomes of a work item after the worker is done with it.
package enum WorkDisposition: Sendable {
    /// Its answer is confirmed, or it needs none.
    case acknowledge
    /// Another worker, or this one later, must take it again.
    case handBack
}

/// Stage provide, as the worker sees it.
package protocol WorkerTransport: Sendable {
    /// Hands each work item of `provider` to `handler`, at most `concurrency` at a time; returns at graceful shutdown,
    /// when all that were taken have been settled.
    func receiveWork(
        for provider: Provider,
        concurrency: Int,
        _ handler: @escaping @Sendable (WorkItem) async -> WorkDisposition
    ) async throws

    /// Returns when the answer has been confirmed.
    func publish(_ answer: ProviderAnswer) async throws(TransportError)
}
