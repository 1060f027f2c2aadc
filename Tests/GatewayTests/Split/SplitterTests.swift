import Gateway
import GatewayFixtures
import SHS
import SSBTEK
import Testing

@Suite struct SplitterTests {
    private let now = Timestamp(milliseconds: 5_000_000)
    private let deadlines = DeadlineConfiguration()

    private func split(_ questions: [QuestionFixture]) throws -> Splitter.Split {
        Splitter(deadlines: self.deadlines, shards: 8).split(
            try RequestFixture(questions: questions).accepted(), transaction: TransactionID("a"),
            replyAddress: ReplyAddress("reply.1"), at: self.now)
    }

    @Test func `one work item per question and included provider, each with its own question`() throws {
        let first = QuestionFixture(providers: [.miv, .af])
        let second = QuestionFixture(person: QuestionFixture.persons[1], providers: [.csn])
        let split = try self.split([first, second])
        #expect(
            split.items.map(\.slot) == [
                Slot(question: 0, provider: .af), Slot(question: 0, provider: .miv), Slot(question: 1, provider: .csn),
            ])
        #expect(split.items.map(\.question) == [first.bytes, first.bytes, second.bytes])
        #expect(split.items.map(\.slot) == split.manifest.slots)
        #expect(split.items.allSatisfy { $0.shard == split.shard && $0.transaction == TransactionID("a") })
    }

    @Test func `ten questions to all seven are seventy items`() throws {
        let split = try self.split(Array(repeating: QuestionFixture(), count: 10))
        #expect(split.items.count == 70)
        #expect(Set(split.items.map(\.slot)).count == 70)
    }

    @Test(arguments: 1...10)
    func `the provider's time ends before the reply's, the reply's before the target`(_ persons: Int) throws {
        let split = try self.split(Array(repeating: QuestionFixture(providers: [.af]), count: persons))
        let work = split.items[0].deadline
        #expect(split.manifest.acceptedAt == self.now)
        #expect(work < split.manifest.deadline)
        #expect(split.manifest.deadline < self.now + self.deadlines.target(persons: persons))
        #expect(split.manifest.deadline == self.now + self.deadlines.replyBudget(persons: persons))
        #expect(split.items[0].remaining == work.since(self.now))
    }

    @Test func `what the answer needs goes along, and the echo only when it was asked for`() throws {
        var echoing = QuestionFixture(correlationID: "k-9")
        echoing.wantsEcho = true
        let questions = try self.split([QuestionFixture(), echoing]).manifest.questions
        #expect(questions[0].echo == nil)
        #expect(questions[1].echo != nil)
        #expect(questions.map(\.correlationID) == ["k-1", "k-9"])
        #expect(questions[0].askedAt == "2026-01-02T03:04:05")
        #expect(questions.map(\.entry.filename) == ["fraga-0.xml", "fraga-1.xml"])
    }

    @Test func `the same bytes are a repeat, one other byte is not`() throws {
        let manifest = try self.split([QuestionFixture()]).manifest
        #expect(manifest.isRepeat(of: try self.split([QuestionFixture()]).manifest))
        let other = try self.split([QuestionFixture(person: QuestionFixture.persons[1])]).manifest
        #expect(!manifest.isRepeat(of: other))
    }
}
