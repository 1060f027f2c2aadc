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
    private let record: any RecordKeeping
    private let state: Mutex<CorrelateState>
    private let due: AsyncStream<Assembly>
    private let dueContinuation: AsyncStream<Assembly>.Continuation

    package init(
        configuration: CorrelateConfiguration,
        transport: any CorrelatorTransport,
        assembler: ReplyAssembler,
        clock: any GatewayClock,
        record: any RecordKeeping = NoRecord()
    ) {
        self.configuration = configuration
        self.transport = transport
        self.assembler = assembler
        self.clock = clock
        self.record = record
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
        if case .shardLost(let shard) = event { self.keep(.deviation(Deviation(.shardLost, reason: "\(shard)"))) }
        self.perform(actions, of: event.transaction)
    }

    /// - Parameter transaction: What they are about, when they are about one.
    private func perform(_ actions: [CorrelateAction], of transaction: TransactionID? = nil) {
        for action in actions {
            switch action {
            case .reply(let assembly): self.dueContinuation.yield(assembly)
            case .acknowledge(let deliveries, let ending):
                self.transport.acknowledge(deliveries)
                if !ending.isReplied {
                    let deviation = Deviation(
                        .discardedUnused, transaction: transaction, reason: ending.rawValue, count: deliveries.count)
                    self.keep(.deviation(deviation))
                }
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
            outcome = .message(try await self.assembler.reply(assembly))
        } catch {
            // What has been answered is kept while the key may come back; whoever has the key says once that it is away.
            let mayPass = (error as? any SigningProblem)?.mayPass ?? false
            Logger.gateway.log(
                level: mayPass ? .debug : .error, "A reply could not be signed",
                metadata: [
                    LogKeys.transaction: .string(assembly.manifest.transaction.text),
                    LogKeys.reason: .string("\(type(of: error))"),
                ])
            if mayPass { return self.tryAgain(assembly) }
            self.keep(.deviation(Deviation(.notSigned, transaction: assembly.manifest.transaction)))
            outcome = .fault(.internalError)
        }
        do throws(RecordUnavailable) {
            for recipient in assembly.recipients {
                try self.record.keep(
                    .replying(recipient.transaction, isComplete: assembly.isComplete, assembly.count))
            }
        } catch {
            // Nothing is given away unrecorded: what has been answered is kept while the record may come back.
            return self.tryAgain(assembly)
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
        self.discarded(assembly, reached: reached)
        self.note(assembly, reached: reached)
    }

    private func tryAgain(_ assembly: Assembly) {
        let now = self.clock.now()
        let actions = self.state.withLock { $0.replyFailed(assembly, at: now) }
        self.perform(actions)
        // Nobody waits for it any more.
        if !actions.isEmpty { self.discarded(assembly, reached: false) }
    }

    /// The content of a transaction is gone, for each of those who waited.
    private func discarded(_ assembly: Assembly, reached: Bool) {
        let ending: Ending = reached ? (assembly.isComplete ? .complete : .partial) : .unreachable
        for recipient in assembly.recipients { self.keep(.discarded(recipient.transaction, ending)) }
    }

    /// Keeps an entry about what cannot be undone; the keeper says how many such are missing when there was no room.
    private func keep(_ event: RecordEvent) { try? self.record.keep(event) }

    private func note(_ assembly: Assembly, reached: Bool) {
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

extension CorrelateEvent {
    /// The transaction that it belongs to, when it can be told.
    fileprivate var transaction: TransactionID? {
        switch self {
        case .manifest(let manifest, _): manifest.transaction
        case .answer(let answer, _): answer.transaction
        case .poison, .shardLost: nil
        }
    }
}
