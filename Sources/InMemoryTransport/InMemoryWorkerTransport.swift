package import Gateway
package import SSBTEK
import Synchronization

/// Stage provide of one worker process, in memory.
package struct InMemoryWorkerTransport: WorkerTransport {
    private let broker: InMemoryBroker
    private let connection = InMemoryConnection()

    package init(broker: InMemoryBroker) {
        self.broker = broker
    }

    package func receiveWork(
        for provider: Provider,
        concurrency: Int,
        _ handler: @escaping @Sendable (WorkItem) async -> ProviderAnswer?
    ) async throws {
        let (stream, outlet) = AsyncStream<InMemoryQueue<WorkItem>.Delivery>.makeStream()
        let broker = self.broker
        let id = broker.state.withLock { $0.newConsumer() }
        let detach: @Sendable () -> Void = {
            broker.state.withLock { $0.bury($0.work[provider]?.detach(id) ?? 0, in: "work.\(provider.rawValue)") }
        }
        let finish: @Sendable () -> Void = {
            broker.state.withLock { $0.work[provider]?.stop(id) }
            outlet.finish()
        }
        guard self.connection.register(finish: finish, detach: detach) else { return }
        defer { detach() }
        broker.state.withLock { $0.work[provider]?.attach(id, capacity: concurrency) { outlet.yield($0) } }
        await withDiscardingTaskGroup { group in
            for await delivery in stream {
                group.addTask {
                    self.settle(delivery.number, of: provider, by: id, await handler(delivery.message))
                }
            }
        }
    }

    /// Graceful end: takes no more work and settles what it has.
    package func close() { self.connection.close() }

    /// As when the process is killed.
    package func cut() { self.connection.cut() }

    private func settle(_ number: UInt64, of provider: Provider, by id: UInt64, _ answer: ProviderAnswer?) {
        guard !self.connection.isCut else { return }
        let isAvailable = self.broker.isAvailable
        self.broker.state.withLock { state in
            if isAvailable || answer == nil {
                if let answer { state.correlate[answer.shard].publish(.answer(answer)) }
                _ = state.work[provider]?.acknowledge(number, by: id)
            } else {
                state.bury(state.work[provider]?.handBack(number, by: id) ?? 0, in: "work.\(provider.rawValue)")
            }
        }
    }
}
