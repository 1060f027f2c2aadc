import Logging
import Metrics
import Observability
import SHS
import ServiceLifecycle
import Synchronization

/// Stages correlate and reply: the shell around ``CorrelateState``.
package final class Correlator: Service {
    private let configuration: CorrelateConfiguration
    private let transport: any CorrelatorTransport
    private let assembler: ReplyAssembler
    private let clock: any GatewayClock
    private let state: Mutex<CorrelateState>
    private let due: AsyncStream<Assembly>
    private let dueContinuation: AsyncStream<Assembly>.Continuation

    package init(
        configuration: CorrelateConfiguration,
        transport: any CorrelatorTransport,
        assembler: ReplyAssembler,
        clock: any GatewayClock
    ) {
        self.configuration = configuration
        self.transport = transport
        self.assembler = assembler
        self.clock = clock
        self.state = Mutex(CorrelateState(configuration: configuration))
        (self.due, self.dueContinuation) = AsyncStream.makeStream()
    }

    /// Messages held unacknowledged at this moment.
    package var heldCount: Int { self.state.withLock { $0.heldCount } }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.tick() }
            try await withThrowingTaskGroup(of: Void.self) { replies in
                replies.addTask { await self.replyToAll() }
                // Returns at graceful shutdown: what is still held goes back to the broker when the connection closes.
                try await self.transport.receive { event in self.handle(event) }
                self.dueContinuation.finish()
                try await replies.waitForAll()
            }
            group.cancelAll()
        }
    }

    /// Replies in the order in which they became due, so many at a time as configured.
    private func replyToAll() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await assembly in self.due {
                if running == self.configuration.concurrency {
                    await group.next()
                    running -= 1
                }
                group.addTask { await self.reply(assembly) }
                running += 1
            }
        }
    }

    private func tick() async throws {
        while true {
            try await self.clock.sleep(until: self.clock.now() + self.configuration.tick)
            self.perform(self.state.withLock { $0.timePassed(at: self.clock.now()) })
        }
    }

    private func handle(_ event: CorrelateEvent) {
        let now = self.clock.now()
        let actions: [CorrelateAction] = self.state.withLock { state in
            switch event {
            case .manifest(let manifest, let delivery): return state.manifestReceived(manifest, delivery, at: now)
            case .answer(let answer, let delivery): return state.answerReceived(answer, delivery, at: now)
            case .poison(let delivery): return state.poisonReceived(delivery)
            case .shardLost(let shard):
                state.shardLost(shard)
                return []
            }
        }
        self.perform(actions)
    }

    private func perform(_ actions: [CorrelateAction]) {
        for action in actions {
            switch action {
            case .reply(let assembly): self.dueContinuation.yield(assembly)
            case .acknowledge(let deliveries, let ending):
                self.transport.acknowledge(deliveries)
                Counter(label: MetricNames.endings, dimensions: [(MetricNames.Dimension.ending, ending.rawValue)])
                    .increment()
                if ending == .poison || ending == .unexpected {
                    Logger.gateway.warning(
                        "A message was discarded", metadata: [LogKeys.outcome: .string(ending.rawValue)])
                }
            }
        }
    }

    /// Assembles, signs, publishes to every recipient and reports back what became of it.
    private func reply(_ assembly: Assembly) async {
        let outcome: Reply.Outcome
        do {
            outcome = .message(try self.assembler.reply(assembly))
        } catch {
            Logger.gateway.error(
                "A reply could not be signed",
                metadata: [
                    LogKeys.transaction: .string(assembly.manifest.transaction.text),
                    LogKeys.reason: .string("\(type(of: error))"),
                ])
            // What has been answered is kept while the key may come back.
            if let problem = error as? any SigningProblem, problem.mayPass { return self.tryAgain(assembly) }
            outcome = .fault(.internalError)
        }
        var reached = false
        for recipient in assembly.recipients {
            let reply = Reply(transaction: recipient.transaction, outcome: outcome, sections: assembly.count)
            do throws(TransportError) {
                try await self.transport.publish(reply, to: recipient.address)
                reached = true
            } catch {
                switch error.remedy {
                case .giveUp: continue
                case .retry: return self.tryAgain(assembly)
                }
            }
        }
        self.perform(self.state.withLock { [reached] in $0.replied(assembly, reached: reached) })
        self.record(assembly, reached: reached)
    }

    private func tryAgain(_ assembly: Assembly) {
        let now = self.clock.now()
        self.perform(self.state.withLock { $0.replyFailed(assembly, at: now) })
    }

    private func record(_ assembly: Assembly, reached: Bool) {
        let count = assembly.count
        Logger.gateway.debug(
            "A transaction was replied to",
            metadata: [
                LogKeys.transaction: .string(assembly.manifest.transaction.text),
                LogKeys.outcome: .string(assembly.isComplete ? Ending.complete.rawValue : Ending.partial.rawValue),
                LogKeys.reached: .stringConvertible(reached),
                LogKeys.sectionsData: .stringConvertible(count.data),
                LogKeys.sectionsError: .stringConvertible(count.errors),
            ])
    }
}
