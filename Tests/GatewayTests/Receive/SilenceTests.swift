import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK
import Testing

/// Invariant: nothing personal outside the sealed payload; neither logs nor errors nor printed values show a person.
@Suite(.timeLimit(.minutes(5))) struct SilenceTests {
    private static let secrets = QuestionFixture.persons + ["handlaggare-17", "EB-42", "Exempelkommun"]

    private func expectSilence(_ text: String, _ what: String) {
        for secret in Self.secrets { #expect(!text.contains(secret), "\(what) shows \(secret)") }
    }

    @Test func `a transaction from end to end logs nothing of its content`() async throws {
        let log = CapturedLog.shared
        let clock = VirtualClock(at: ManifestFixture.start)
        let broker = InMemoryBroker(shards: 1)
        let deadlines = DeadlineConfiguration()
        let transport = InMemoryIngressTransport(broker: broker, replyAddress: ReplyAddress("reply.1"))
        let ingress = Ingress(
            intake: try RequestFixture.intake(), splitter: Splitter(deadlines: deadlines, shards: 1),
            deadlines: deadlines, transport: transport, clock: clock)
        let personal = SectionOutcome.error(
            ProviderError(source: .bt, code: QuestionFixture.persons[0], messages: ["\(QuestionFixture.persons)"]))
        let worker = ProviderWorker(
            provider: .csn, concurrency: 1, transport: InMemoryWorkerTransport(broker: broker),
            service: FixedBaseService(personal), questions: try QuestionFixture.reader(), clock: clock)
        let correlator = Correlator(
            configuration: CorrelateConfiguration(), transport: InMemoryCorrelatorTransport(broker: broker),
            assembler: .fixture(), clock: clock)
        let tasks = [
            Task { try await ingress.run() }, Task { try await worker.run() }, Task { try await correlator.run() },
        ]
        // A sender may hide anything in its tx.id.
        let request = RequestFixture(
            txID: QuestionFixture.persons[1], questions: [QuestionFixture(providers: [.csn])])
        let outcome = await ingress.handle(try request.transfer())
        guard case .reply(_, let count) = outcome else {
            Issue.record("a reply was expected")
            return
        }
        #expect(count == SectionCount(data: 0, errors: 1))
        let bad = try RequestFixture(questions: [QuestionFixture(person: "198503119814")]).transfer()
        #expect(await ingress.handle(bad) == .refused(.invalidIdentityNumber))
        for task in tasks { task.cancel() }
        #expect(log.text.contains { $0.contains("A transaction was replied to") })
        #expect(log.text.contains { $0.contains("A work item ended") })
        for line in log.text {
            self.expectSilence(line, "the log")
            #expect(!line.contains("198503119814"))
        }
    }

    @Test func `errors and faults show nothing but themselves`() {
        for fault in Fault.allCases { self.expectSilence("\(fault) \(fault.sentence) \(fault.code)", "a fault") }
        for code in GatewayErrorCode.allCases { self.expectSilence("\(ProviderError.gateway(code))", "an error") }
        let refusal = ProviderError(
            source: .bt, code: QuestionFixture.persons[0], messages: [QuestionFixture.persons[1]])
        var dumped = ""
        dump(refusal, to: &dumped)
        self.expectSilence("\(refusal) \(String(reflecting: refusal)) \(dumped)", "a provider's error")
    }
}
