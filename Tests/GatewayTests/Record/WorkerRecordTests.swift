import Gateway
import GatewayFixtures
import InMemoryTransport
import SSBTEK
import Testing

/// What a base service says is handed on only when it is written that it was asked.
@Suite struct WorkerRecordTests {
    private let clock = VirtualClock(at: ManifestFixture.start)
    private let record = MemoryRecord()
    private let slot = Slot(question: 0, provider: .csn)

    private func answer(_ service: FixedBaseService, remaining: Duration = .seconds(6)) async throws -> ProviderAnswer?
    {
        let worker = ProviderWorker(
            provider: .csn, concurrency: 1, transport: InMemoryWorkerTransport(broker: InMemoryBroker(shards: 1)),
            service: service, questions: try QuestionFixture.reader(), clock: self.clock, record: self.record)
        return await worker.provide(
            WorkItem(
                transaction: TransactionID("a"), slot: self.slot, shard: 5,
                deadline: ManifestFixture.start + .seconds(6), remaining: remaining, question: QuestionFixture().bytes))
    }

    @Test func `an answer is written without what it says`() async throws {
        _ = try await self.answer(FixedBaseService(.data([1])))
        #expect(self.record.events == [.provided(TransactionID("a"), self.slot, .data, .zero)])
    }

    @Test func `of an error its source and code are written, and not its text`() async throws {
        let text = "\(QuestionFixture.persons[0]) saknas"
        _ = try await self.answer(
            FixedBaseService(.error(ProviderError(source: .bt, code: "CSN-7", messages: [text]))))
        #expect(
            self.record.events
                == [.provided(TransactionID("a"), self.slot, .error(source: "BT", code: "CSN-7"), .zero)])
        #expect(!self.record.text.contains("saknas"))
    }

    @Test func `while nothing can be written nobody is asked`() async throws {
        self.record.setAvailable(false)
        let service = FixedBaseService(.data([1]))
        #expect(try await self.answer(service)?.outcome == .error(.gateway(.internalError)))
        #expect(service.questions == [])
    }

    @Test func `an answer whose entry cannot be written is not handed on`() async throws {
        self.record.take { _ in false }
        #expect(try await self.answer(FixedBaseService(.data([1])))?.outcome == .error(.gateway(.internalError)))
    }

    @Test func `dead work is written as that`() async throws {
        #expect(try await self.answer(FixedBaseService(.data([1])), remaining: .zero) == nil)
        #expect(self.record.events == [.provided(TransactionID("a"), self.slot, .dead, .zero)])
    }
}
