import Gateway
import SHS
import SSBTEK
import Synchronization

/// What clients and base services see.
extension InvariantChecker {
    /// - Parameter takenAt: when the ingress can begin with it, if not at once.
    func sent(_ number: Int, _ transfer: SimulatedTransfer, to ingress: String, takenAt: Timestamp?) {
        self.state.withLock { state in
            let now = self.clock.now()
            state.figures.requests += 1
            state.requests[number] = WatchedRequest(
                transfer: transfer, ingress: ingress, sentAt: now,
                limit: max(now, takenAt ?? now) + self.limits.deadlines.waitBudget(persons: transfer.persons))
        }
    }

    /// The client has hung up.
    func hungUp(_ number: Int) { self.state.withLock { $0.requests[number]?.isAbandoned = true } }

    /// The ingress is dead, and all its connections with it.
    func ingressDied(_ process: String) {
        self.state.withLock { state in
            for (number, request) in state.requests where request.ingress == process && !request.isAnswered {
                state.requests[number]?.isAbandoned = true
                state.figures.broken += 1
            }
        }
    }

    /// A process stood still for so long; its clients wait as much longer.
    func stoodStill(_ process: String, for duration: Duration) {
        self.state.withLock { state in
            for (number, request) in state.requests where request.ingress == process {
                state.requests[number]?.limit = request.limit + duration
            }
        }
    }

    func hasOpenRequests(at ingress: String? = nil) -> Bool {
        self.state.withLock { state in
            state.requests.values.contains { request in
                !request.isAnswered && !request.isAbandoned && (ingress.map { request.ingress == $0 } ?? true)
            }
        }
    }

    /// Nobody may be waiting any more whose time is over.
    func timePassed(standing: Set<String>) {
        self.state.withLock { state in
            let now = self.clock.now()
            for (number, request) in state.requests
            where !request.isAnswered && !request.isAbandoned && now > request.limit
                && !standing.contains(request.ingress)
            {
                self.fail(.deadlineKept, "request \(number) still waits after its limit", in: &state)
            }
        }
    }

    /// The client has its answer.
    func answered(_ number: Int, _ outcome: IngressOutcome) {
        self.state.withLock { state in
            guard let request = state.requests[number] else { return }
            if request.isAnswered { self.fail(.oneReply, "request \(number) was answered twice", in: &state) }
            state.requests[number]?.isAnswered = true
            guard !request.isAbandoned else { return }
            if self.clock.now() > request.limit {
                self.fail(.deadlineKept, "request \(number) was answered after its limit", in: &state)
            }
            switch outcome {
            case .reply(let entity, _): self.replied(number, request, entity, in: &state)
            case .refused(let fault): self.refused(number, request, fault, in: &state)
            }
        }
    }

    func asked(_ provider: Provider, _ correlationID: String, within remaining: Duration) {
        self.state.withLock { state in
            state.figures.asked += 1
            let key = "\(provider.rawValue) \(correlationID)"
            state.asked[key, default: 0] += 1
            let prefix = correlationID.prefix { $0 != "." }
            let causes = state.transactions.values.filter { $0.correlationID == "\(prefix).0" }
            let budget = self.limits.deadlines
            let latest = causes.map { $0.begunAt + budget.workBudget(persons: $0.manifest.questions.count) }.max()
            guard let latest else { return self.fail(.oneReply, "\(key) was asked by nobody", in: &state) }
            if self.clock.now() + remaining > latest + self.limits.spread {
                self.fail(.deadlineKept, "\(key) was asked with more time than was left", in: &state)
            }
            if state.asked[key, default: 0] > causes.count, !state.disturbances.haveBeen {
                self.fail(.oneReply, "\(key) was asked again without need", in: &state)
            }
        }
    }

    private func replied(_ number: Int, _ request: WatchedRequest, _ entity: [UInt8], in state: inout State) {
        let sections: [[Provider: SimulatedTransfer.Section]]
        switch request.transfer.sections(of: entity) {
        case .success(let found): sections = found
        case .failure(let mismatch):
            return self.fail(.rightSection, "request \(number): \(mismatch)", in: &state)
        }
        let isComplete = sections.allSatisfy { $0.values.allSatisfy { $0 == .fromService } }
        if isComplete { state.figures.complete += 1 } else { state.figures.partial += 1 }
        let transaction = self.transactions(of: request, in: state).first { $0.replies.contains(.message(entity)) }
        guard let transaction else {
            return self.fail(.rightSection, "request \(number): a reply that was never published to it", in: &state)
        }
        for (index, found) in sections.enumerated() {
            for provider in request.transfer.providers {
                guard case .fromGateway(let code) = found[provider] else { continue }
                let slot = Slot(question: index, provider: provider)
                if self.isMissing(slot, code, of: transaction, in: state) {
                    self.fail(
                        .nothingLost,
                        "request \(number): \(index)/\(provider.rawValue) is \(code), though it was there",
                        in: &state)
                }
            }
        }
    }

    /// Whether a section should have held what the base service said.
    private func isMissing(_ slot: Slot, _ code: String, of transaction: WatchedTransaction, in state: State) -> Bool {
        switch GatewayErrorCode(rawValue: code) {
        case .noAnswerInTime:
            if self.limits.isPerfect { return true }
            guard let storedAt = transaction.answered[slot], !self.limits.isNarrow else { return false }
            let due = self.due(transaction, in: state)
            // The answer was there, and everything stood still, for a second before the reply had to be made.
            let settled = due - self.limits.spread - .seconds(1)
            return storedAt < settled && !state.disturbances.hasHappened(since: settled)
        case .internalError: return !state.disturbances.haveBeen
        case .answerAgainstContract: return false
        case .notReachable, .heldBack, nil: return true
        }
    }

    /// When the reply to a transaction has to be made of what is there.
    private func due(_ transaction: WatchedTransaction, in state: State) -> Timestamp {
        guard state.disturbances.haveBeen else { return transaction.deadline }
        // Repeats, also those through an ingress that has died, share a reply, which is made when the first of them is due;
        // and an ingress that stood still between accepting and dispatching has used up some of the time.
        let twins = state.transactions.values.filter { $0.correlationID == transaction.correlationID }
        return twins.map { min($0.deadline, $0.manifest.deadline) }.min() ?? transaction.deadline
    }

    private func refused(_ number: Int, _ request: WatchedRequest, _ fault: Fault, in state: inout State) {
        state.figures.refused[fault.rawValue, default: 0] += 1
        let transactions = self.transactions(of: request, in: state)
        let isExcused: Bool
        switch fault {
        case .brokerUnavailable: isExcused = state.disturbances.hasHappened(since: request.sentAt)
        case .internalError: isExcused = transactions.contains { $0.hasDied }
        case .noReplyInTime:
            let isOwed = transactions.contains { transaction in
                let limit =
                    transaction.begunAt
                    + self.limits.deadlines.waitBudget(persons: transaction.manifest.questions.count)
                // Two seconds are enough to find out about a loss, get everything again and reply.
                let settled = limit - self.limits.spread - .seconds(2) - self.limits.latency * 4
                return transaction.isAccepted && limit >= request.limit && !self.limits.isNarrow
                    && self.limits.spread < .seconds(2) && !state.disturbances.hasHappened(since: settled)
            }
            isExcused =
                !isOwed
                && (state.disturbances.hasHappened(since: request.sentAt) || self.limits.spread > .seconds(2)
                    || self.limits.isNarrow)
        default: isExcused = false
        }
        if !isExcused {
            self.fail(.nothingLost, "request \(number) was refused: \(fault.rawValue)", in: &state)
        }
    }

    private func transactions(of request: WatchedRequest, in state: State) -> [WatchedTransaction] {
        let id = request.transfer.correlationIDs.first
        return state.transactions.values.filter { $0.correlationID == id && $0.ingress == request.ingress }
    }
}
