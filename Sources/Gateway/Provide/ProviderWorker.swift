import Logging
import Metrics
import Observability
package import SSBTEK
import ServiceLifecycle

/// One base service, as the worker asks it.
package protocol BaseServiceAsking: Sendable {
    /// Asks within `remaining`; never throws, since every failure is an error section.
    func ask(_ question: Question, within remaining: Duration) async -> SectionOutcome
}

/// Stage provide: takes one provider's work items, asks, and gives the answers to the transport.
package struct ProviderWorker: Service {
    private let provider: Provider
    private let concurrency: Int
    private let transport: any WorkerTransport
    private let service: any BaseServiceAsking
    private let questions: QuestionReader
    private let clock: any GatewayClock
    private let record: any RecordKeeping

    package init(
        provider: Provider,
        concurrency: Int,
        transport: any WorkerTransport,
        service: any BaseServiceAsking,
        questions: QuestionReader,
        clock: any GatewayClock,
        record: any RecordKeeping = NoRecord()
    ) {
        self.provider = provider
        self.concurrency = concurrency
        self.transport = transport
        self.service = service
        self.questions = questions
        self.clock = clock
        self.record = record
    }

    package func run() async throws {
        try await self.transport.receiveWork(for: self.provider, concurrency: self.concurrency) { item in
            await self.provide(item)
        }
    }

    /// The answer to one work item; nil for dead work.
    package func provide(_ item: WorkItem) async -> ProviderAnswer? {
        let start = self.clock.now()
        let remaining = item.timeLeft(at: start)
        guard remaining > .zero else {
            // Dead work: the correlator replies without it at the deadline, so nobody is asked in vain.
            Counter(
                label: MetricNames.deadWork, dimensions: [(MetricNames.Dimension.provider, self.provider.rawValue)]
            ).increment()
            try? self.record.keep(.provided(item.transaction, item.slot, .dead, .zero))
            return nil
        }
        var outcome = await self.outcome(for: item, within: remaining)
        let elapsed = self.clock.now().since(start)
        outcome = self.recorded(outcome, of: item, after: elapsed)
        self.note(outcome, of: item, after: elapsed)
        return ProviderAnswer(
            transaction: item.transaction,
            slot: item.slot,
            shard: item.shard,
            deadline: item.deadline,
            outcome: outcome,
            elapsed: elapsed
        )
    }

    /// What is handed on: the outcome once the record says so, an error when it could not be written.
    private func recorded(
        _ outcome: SectionOutcome, of item: WorkItem, after elapsed: Duration
    ) -> SectionOutcome {
        let provided: ProvidedOutcome =
            switch outcome {
            case .data: .data
            case .error(let error): .error(source: error.source.rawValue, code: error.loggableCode)
            }
        do throws(RecordUnavailable) {
            try self.record.keep(.provided(item.transaction, item.slot, provided, elapsed))
            return outcome
        } catch {
            return .error(.gateway(.internalError))
        }
    }

    private func outcome(for item: WorkItem, within remaining: Duration) async -> SectionOutcome {
        // What could not be written down afterwards is not asked.
        guard self.record.isAvailable else { return .error(.gateway(.internalError)) }
        do throws(QuestionFault) {
            return await self.service.ask(try self.questions.readAgain(item.question), within: remaining)
        } catch {
            // The ingress has read the same bytes with the same contract; this is our own fault, not the sender's.
            return .error(.gateway(.internalError))
        }
    }

    private func note(_ outcome: SectionOutcome, of item: WorkItem, after elapsed: Duration) {
        let kind: String
        var metadata: Logger.Metadata = [
            LogKeys.transaction: .string(item.transaction.text),
            LogKeys.provider: .string(self.provider.rawValue),
            LogKeys.duration: .stringConvertible(elapsed.wholeMilliseconds),
        ]
        switch outcome {
        case .data: kind = "data"
        case .error(let error):
            kind = error.source.rawValue
            metadata[LogKeys.errorSource] = .string(error.source.rawValue)
            metadata[LogKeys.errorCode] = .string(error.loggableCode)
        }
        metadata[LogKeys.outcome] = .string(kind)
        Logger.gateway.debug("A work item ended", metadata: metadata)
        let provider = (MetricNames.Dimension.provider, self.provider.rawValue)
        Counter(label: MetricNames.sections, dimensions: [provider, (MetricNames.Dimension.kind, kind)]).increment()
        Timer(label: MetricNames.providerDuration, dimensions: [provider])
            .recordMilliseconds(elapsed.wholeMilliseconds)
    }
}
