package import Gateway
package import SSBTEK

/// Stage provide of one worker process, in memory.
package struct InMemoryWorkerTransport: WorkerTransport {
    private let connection: InMemoryConnection
    private let clock: (any GatewayClock)?
    private let handBackPause: Duration

    /// - Parameter clock: the process's clock, for the time that messages live and for the pause before an item whose answer
    ///   could not be published goes back; nil means for ever, and no pause.
    package init(
        broker: InMemoryBroker, process: String = "worker", network: any InMemoryNetwork = DirectNetwork(),
        clock: (any GatewayClock)? = nil, handBackPause: Duration = .milliseconds(250)
    ) {
        self.connection = InMemoryConnection(process: process, broker: broker, network: network, clock: clock)
        self.clock = clock
        self.handBackPause = handBackPause
    }

    package func receiveWork(
        for provider: Provider,
        concurrency: Int,
        _ handler: @escaping @Sendable (WorkItem) async -> ProviderAnswer?
    ) async throws {
        let (stream, outlet) = AsyncStream<InMemoryConnection.Delivery>.makeStream()
        let isTaken = self.connection.consume(
            .work(provider), capacity: concurrency, deliver: { outlet.yield($0) }, finish: { outlet.finish() })
        guard isTaken else { return }
        defer { self.connection.endConsuming() }
        await withTaskGroup(of: Void.self) { group in
            // A connection that was lost brings new ones while the old ones are still being asked about.
            var running = 0
            for await delivery in stream {
                guard case .work(let item) = delivery.message else { continue }
                if running == concurrency {
                    await group.next()
                    running -= 1
                }
                group.addTask { await self.settle(delivery, await handler(item)) }
                running += 1
            }
        }
    }

    /// Graceful end: takes no more work and settles what it has.
    package func close() { self.connection.close() }

    /// As when the process is killed.
    package func cut() { self.connection.cut() }

    package func loseConnection() { self.connection.lose() }

    package func restoreConnection() { self.connection.restore() }

    private func settle(_ delivery: InMemoryConnection.Delivery, _ answer: ProviderAnswer?) async {
        guard let answer else { return self.connection.settle(delivery, .acknowledge) }
        let outcome = await self.connection.publish(
            [(.answer(answer), .correlate(answer.shard))], acknowledging: delivery)
        guard outcome != [.confirmed] else { return }
        if let clock { try? await clock.sleep(until: clock.now() + self.handBackPause) }
        self.connection.settle(delivery, .handBack)
    }
}
