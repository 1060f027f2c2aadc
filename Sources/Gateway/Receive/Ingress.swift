import Observability
package import SHS
import ServiceLifecycle

/// What the peer gets back.
package enum IngressOutcome: Sendable, Equatable {
    /// The whole signed SHS entity, MIME headers inside.
    case reply([UInt8], SectionCount)
    case refused(Fault)
}

/// Stages receive to dispatch, and the wait for the reply: the shell that ties them together.
package final class Ingress: Service {
    private let intake: Intake
    private let splitter: Splitter
    private let deadlines: DeadlineConfiguration
    private let transport: any IngressTransport
    private let clock: any GatewayClock
    private let accesses: AccessRecord
    private let newTransaction: @Sendable () -> TransactionID
    private let executor: (any TaskExecutor)?
    private let pending = PendingReplies()
    private let inFlight = InFlightTransfers()

    /// - Parameters:
    ///   - newTransaction: Where identities come from; a simulation draws them from its seed.
    ///   - executor: Where the alarms of waits run; nil is the default.
    package init(
        intake: Intake,
        splitter: Splitter,
        deadlines: DeadlineConfiguration,
        transport: any IngressTransport,
        clock: any GatewayClock,
        record: any RecordKeeping = NoRecord(),
        pseudonyms: any Pseudonymising = NoRecord(),
        newTransaction: @escaping @Sendable () -> TransactionID = TransactionID.random,
        executor: (any TaskExecutor)? = nil
    ) {
        self.intake = intake
        self.splitter = splitter
        self.deadlines = deadlines
        self.transport = transport
        self.clock = clock
        self.accesses = AccessRecord(keeper: record, pseudonyms: pseudonyms)
        self.newTransaction = newTransaction
        self.executor = executor
    }

    /// Receives replies until graceful shutdown; whoever still waits then gets no reply.
    package func run() async throws {
        defer { self.pending.endAll(because: .noReplyInTime) }
        try await self.transport.receiveReplies { reply in
            // A reply that nobody waits for is a repeat after a correlator's crash, or came after the wait ended.
            if !self.pending.received(reply) { self.accesses.unclaimed(reply.transaction) }
        }
    }

    /// Whether a request can be taken now.
    package var isReady: Bool { self.transport.isAvailable && self.accesses.isAvailable }

    /// How many requests wait for their reply.
    package var waiterCount: Int { self.pending.waiterCount }

    /// A client that is not accepted any more sent a request; nothing of it was read.
    package func refusedClient(_ fault: Fault) { self.accesses.refusedClient(fault) }

    /// Handles one request to its end; never throws, since the peer gets an answer in every case.
    package func handle(_ transfer: ReceivedTransfer) async -> IngressOutcome {
        let start = self.clock.now()
        var record = TransactionRecord()
        var outcome: IngressOutcome
        do throws(Fault) {
            outcome = try await self.process(transfer, at: start, &record)
        } catch {
            outcome = .refused(error)
        }
        let duration = self.clock.now().since(start)
        if record.isAccepted, let arrival = self.arrival(of: outcome, after: duration, questions: record.questions) {
            transfer.permit?.replyCame(arrival)
        }
        outcome = self.accesses.ended(record, outcome, after: duration)
        record.ended(outcome, after: duration)
        return outcome
    }

    /// Nil where it says nothing about how much is in flight.
    private func arrival(
        of outcome: IngressOutcome, after duration: Duration, questions: Int
    ) -> AdmissionPermit.Arrival? {
        switch outcome {
        case .reply(_, let count):
            // One base service may be slow; that none of several has answered is rather our own doing.
            let isEmpty = count.data == 0 && count.errors > 1
            return isEmpty && duration >= self.deadlines.replyBudget(persons: questions) ? .late : .inTime
        case .refused(.noReplyInTime): return .late
        case .refused: return nil
        }
    }

    private func process(
        _ transfer: ReceivedTransfer, at now: Timestamp, _ record: inout TransactionRecord
    ) async throws(Fault) -> IngressOutcome {
        let request = try self.intake.accept(transfer, at: now, verdict: &record.verdict, asker: &record.asker)
        let transaction = self.newTransaction()
        record.transaction = transaction
        record.party = request.party.organisation
        record.txID = request.label.txID
        record.questions = request.questions.count
        try transfer.permit?.identify(as: request)
        guard self.transport.isAvailable else { throw .brokerUnavailable }
        // Before anything of it leaves this process: nobody is asked about without it being written who asked.
        try self.accesses.accepted(request, as: transaction, asker: record.asker)
        record.isAccepted = true
        // Before the transfer is known as being in flight, so that whoever joins it finds the place.
        self.pending.reserve(transaction)
        defer { self.pending.release(transaction) }
        while true {
            switch self.inFlight.arrived(request, as: transaction) {
            case .joins(let first):
                record.isRepeat = true
                record.joined = first
                switch await self.pending.wait(for: first) {
                case .reply(let reply): return Self.outcome(of: reply)
                case .ended(let fault): throw fault
                case .gone: continue  // It finished this moment and its content is gone: this one is asked anew.
                }
            case .first(let isRepeat):
                record.joined = nil
                record.isRepeat = record.isRepeat || isRepeat
                defer { self.inFlight.finished(request) }
                return try await self.ask(request, as: transaction, at: now)
            }
        }
    }

    /// Splits, dispatches and waits, never longer than the wait budget.
    private func ask(
        _ request: AcceptedRequest, as transaction: TransactionID, at now: Timestamp
    ) async throws(Fault) -> IngressOutcome {
        let split = self.splitter.split(
            request, transaction: transaction, replyAddress: self.transport.replyAddress, at: now)
        let limit = now + self.deadlines.waitBudget(persons: request.questions.count)
        // Not a child task: the wait outlives a peer that hangs up, since a repeat of it may have joined.
        let alarm = Task(executorPreference: self.executor) {
            try await self.clock.sleep(until: limit)
            self.pending.end(transaction, because: .noReplyInTime)
        }
        defer { alarm.cancel() }
        // Nor this: neither a reply that overtakes a confirmation nor the end of the time waits for one that does not come.
        Task(executorPreference: self.executor) {
            do throws(TransportError) {
                try await self.transport.dispatch(split.manifest, shard: split.shard, items: split.items)
            } catch {
                // When only a confirmation was lost, the reply may have come all the same.
                self.pending.end(transaction, because: .brokerUnavailable)
            }
        }
        switch await self.pending.wait(for: transaction) {
        case .reply(let reply): return Self.outcome(of: reply)
        case .ended(let fault): throw fault
        case .gone: throw .internalError
        }
    }

    private static func outcome(of reply: Reply) -> IngressOutcome {
        switch reply.outcome {
        case .message(let bytes): .reply(bytes, reply.sections)
        case .fault(let fault): .refused(fault)
        }
    }
}
