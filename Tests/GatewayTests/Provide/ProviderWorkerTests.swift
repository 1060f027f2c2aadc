import Gateway
import GatewayFixtures
import InMemoryTransport
import SSBTEK
import Testing

@Suite struct ProviderWorkerTests {
    private let clock = VirtualClock(at: ManifestFixture.start)
    private let service = FixedBaseService(.data([1]))

    private func worker(
        _ service: FixedBaseService? = nil
    ) throws -> ProviderWorker {
        ProviderWorker(
            provider: .csn, concurrency: 1, transport: InMemoryWorkerTransport(broker: InMemoryBroker(shards: 1)),
            service: service ?? self.service,
            questions: try QuestionFixture.reader(), clock: self.clock)
    }

    private func item(
        remaining: Duration = .seconds(6), question: [UInt8] = QuestionFixture().bytes
    ) -> WorkItem {
        WorkItem(
            transaction: TransactionID("a"), slot: Slot(question: 2, provider: .csn), shard: 5,
            deadline: ManifestFixture.start + .seconds(6), remaining: remaining, question: question)
    }

    @Test func `the answer belongs to the item's place`() async throws {
        let worker = try self.worker()
        let answer = try #require(await worker.provide(self.item()))
        #expect(answer.transaction == TransactionID("a"))
        #expect(answer.slot == Slot(question: 2, provider: .csn))
        #expect(answer.shard == 5)
        #expect(answer.deadline == ManifestFixture.start + .seconds(6))
        #expect(answer.outcome == .data([1]))
        #expect(self.service.questions.map(\.person.digits) == [QuestionFixture.persons[0]])
    }

    @Test func `the base service gets the time that is left and no more`() async throws {
        let worker = try self.worker()
        self.clock.advance(by: .milliseconds(2_500))
        _ = await worker.provide(self.item())
        _ = await worker.provide(self.item(remaining: .seconds(1)))
        #expect(self.service.times == [.milliseconds(3_500), .seconds(1)])
    }

    @Test(arguments: [Duration.seconds(6), .seconds(7)])
    func `dead work needs no answer, and nobody is asked`(_ wait: Duration) async throws {
        self.clock.advance(by: wait)
        let worker = try self.worker()
        #expect(await worker.provide(self.item()) == nil)
        #expect(self.service.questions.isEmpty)
    }

    @Test func `a question that cannot be read here is our own error section`() async throws {
        let worker = try self.worker()
        #expect(await worker.provide(self.item(question: [1, 2, 3]))?.outcome == .error(.gateway(.internalError)))
        #expect(self.service.questions.isEmpty)
    }

    @Test func `a provider's error texts are passed on, and logged as source and code only`() async throws {
        let log = CapturedLog.shared
        let error = ProviderError(
            source: .bt, code: "-1005", messages: ["Person \(QuestionFixture.persons[0]) saknas (worker-test)"])
        let answer = await (try self.worker(FixedBaseService(.error(error)))).provide(self.item())
        #expect(answer?.outcome == .error(error))
        #expect(log.text.contains { $0.contains("error.felkod=-1005") && $0.contains("error.kalla=BT") })
        #expect(!log.text.contains { $0.contains("worker-test") })
    }

    @Test(arguments: [
        ("SSBT-1", "SSBT-1"), ("-1005", "-1005"), ("", "other"), ("198503119813", "other"), ("19850311-9813", "other"),
        ("kod 7", "other"), ("åäö", "other"), (String(repeating: "x", count: 41), "other"), ("9071234", "9071234"),
    ])
    func `a code is logged only when it looks like one`(_ code: String, _ expected: String) {
        #expect(ProviderError(source: .bt, code: code, messages: []).loggableCode == expected)
    }
}
