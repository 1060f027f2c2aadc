import Gateway
import SSBTEK

/// A worker's transport that does not do what the port says.
struct SabotagedWorker: WorkerTransport {
    enum Fault: Sendable {
        /// The work is acknowledged and its answer forgotten.
        case dropsAnswers
        /// An answer is filed under another question.
        case answersAnotherQuestion
        /// An answer is filed under another base service.
        case answersForAnotherProvider
    }

    let base: any WorkerTransport
    let fault: Fault

    func receiveWork(
        for provider: Provider, concurrency: Int, _ handler: @escaping @Sendable (WorkItem) async -> ProviderAnswer?
    ) async throws {
        let fault = self.fault
        try await self.base.receiveWork(for: provider, concurrency: concurrency) { item in
            guard let answer = await handler(item) else { return nil }
            switch fault {
            case .dropsAnswers: return nil
            case .answersAnotherQuestion:
                return answer.filed(under: Slot(question: max(0, answer.slot.question - 1), provider: provider))
            case .answersForAnotherProvider:
                return answer.filed(under: Slot(question: answer.slot.question, provider: provider == .af ? .csn : .af))
            }
        }
    }
}

extension ProviderAnswer {
    func filed(under slot: Slot) -> Self {
        Self(
            transaction: self.transaction, slot: slot, shard: self.shard, deadline: self.deadline,
            outcome: self.outcome, elapsed: self.elapsed)
    }
}
