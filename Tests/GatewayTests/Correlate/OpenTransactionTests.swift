import GatewayFixtures
import SSBTEK
import Testing

@testable import Gateway

@Suite struct OpenTransactionTests {
    private static let fixture = ManifestFixture("a")

    private func open(partialAt: Timestamp = Self.fixture.deadline) -> OpenTransaction {
        OpenTransaction(
            manifest: Self.fixture.manifest, delivery: DeliveryID(shard: 3, number: 1), partialAt: partialAt)
    }

    @Test func `it is complete when every slot has its answer`() {
        var transaction = self.open()
        #expect(!transaction.isComplete)
        #expect(transaction.file(Self.fixture.answer(.csn)) == nil)
        #expect(!transaction.isComplete)
        #expect(transaction.file(Self.fixture.answer(.af)) == nil)
        #expect(transaction.isComplete)
        #expect(transaction.assembly().isComplete)
        #expect(transaction.assembly().count == SectionCount(data: 2, errors: 0))
    }

    @Test func `a provider's own error is an answer`() {
        var transaction = self.open()
        let refusal = SectionOutcome.error(ProviderError(source: .bt, code: "7", messages: ["nej"]))
        #expect(transaction.file(Self.fixture.answer(.af, outcome: refusal)) == nil)
        #expect(transaction.file(Self.fixture.answer(.csn)) == nil)
        #expect(transaction.isComplete)
        #expect(transaction.assembly().sections[0].map(\.outcome) == [refusal, Self.fixture.outcome(.csn)])
    }

    @Test func `the first answer counts`() {
        var transaction = self.open()
        #expect(transaction.file(Self.fixture.answer(.af)) == nil)
        #expect(transaction.file(Self.fixture.answer(.af, outcome: .error(.gateway(.internalError)))) == .duplicate)
        #expect(transaction.assembly().sections[0][0].outcome == Self.fixture.outcome(.af))
    }

    @Test func `a repeat's answer for a filed slot is held with it`() {
        var transaction = self.open()
        #expect(transaction.file(Self.fixture.answer(.af)) == nil)
        #expect(transaction.file(ManifestFixture("b").answer(.af)) == nil)
        #expect(transaction.file(ManifestFixture("b").answer(.af)) == .duplicate)
    }

    @Test(arguments: [(Provider.miv, 0), (.af, 1), (.af, -1)])
    func `a slot that was not asked for is unexpected`(_ provider: Provider, _ question: Int) {
        var transaction = self.open()
        #expect(transaction.file(Self.fixture.answer(provider, question: question)) == .unexpected)
        #expect(transaction.assembly().count == SectionCount(data: 0, errors: 2))
    }

    @Test func `silent providers get SSBT-1 in the contract's order`() {
        var transaction = self.open()
        _ = transaction.file(Self.fixture.answer(.csn))
        let sections = transaction.assembly().sections[0]
        #expect(sections.map(\.provider) == [.af, .csn])
        #expect(sections[0].outcome == .error(.gateway(.noAnswerInTime)))
        #expect(sections[1].outcome == Self.fixture.outcome(.csn))
    }

    @Test func `the reply is due at the deadline, or later for a manifest that came late`() {
        let deadline = Self.fixture.deadline
        #expect(!self.open().isDue(at: deadline - .milliseconds(1)))
        #expect(self.open().isDue(at: deadline))
        let late = self.open(partialAt: deadline + .milliseconds(500))
        #expect(!late.isDue(at: deadline + .milliseconds(499)))
        #expect(late.isDue(at: deadline + .milliseconds(500)))
    }

    @Test func `a failed reply is due after its pause only, and takes no recipients`() {
        var transaction = self.open()
        #expect(transaction.takesRecipients)
        transaction.retryAt = ManifestFixture.start + .seconds(1)
        #expect(!transaction.takesRecipients)
        #expect(!transaction.isDue(at: ManifestFixture.start + .milliseconds(999)))
        #expect(transaction.isDue(at: ManifestFixture.start + .seconds(1)))
        transaction.isReplying = true
        #expect(!transaction.isDue(at: ManifestFixture.start + .seconds(100)))
    }

    @Test func `recipients come and go with their own deadlines`() {
        var transaction = self.open()
        var second = ManifestFixture("b")
        second.deadline = Self.fixture.deadline + .seconds(2)
        second.replyAddress = ReplyAddress("reply.2")
        transaction.join(second.manifest, delivery: DeliveryID(shard: 3, number: 2))
        #expect(transaction.lastDeadline == second.deadline)
        #expect(transaction.deliveries.map(\.number) == [1, 2])
        #expect(transaction.assembly().recipients.map(\.address.text) == ["reply.1", "reply.2"])
        transaction.served(TransactionID("a"))
        #expect(transaction.recipients.map(\.transaction.text) == ["b"])
        transaction.served(TransactionID("a"))
        #expect(transaction.recipients.count == 1)
    }
}
