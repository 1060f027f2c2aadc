import GatewayFixtures
import SHS
import SSBTEK
import Testing

@testable import Gateway

@Suite struct ReplyAssemblerTests {
    private let assembler = ReplyAssembler.fixture()

    /// A partial reply to two questions: TNS is silent in the second.
    private func assembly() throws -> Assembly {
        let questions = [
            QuestionFixture(providers: [.af, .csn], wantsEcho: true),
            QuestionFixture(providers: [.tns], correlationID: nil),
        ]
        let split = Splitter(deadlines: DeadlineConfiguration(), shards: 8).split(
            try RequestFixture(questions: questions).accepted(), transaction: TransactionID("a"),
            replyAddress: ReplyAddress("reply.1"), at: ManifestFixture.start)
        var transaction = OpenTransaction(
            manifest: split.manifest, delivery: DeliveryID(shard: 0, number: 1), partialAt: split.manifest.deadline)
        let error = SectionOutcome.error(ProviderError(source: .bt, code: "-1005", messages: ["Personen finns inte."]))
        _ = transaction.file(ManifestFixture("a").answer(.af, outcome: error))
        let data = "<s:data xmlns:s=\"\(Namespace.ssbtek)\"><s:svar>PHgvPg==</s:svar></s:data>"
        _ = transaction.file(ManifestFixture("a").answer(.csn, outcome: .data(Array(data.utf8))))
        return transaction.assembly()
    }

    private func message(_ entity: [UInt8]) throws -> Message {
        guard case .detached(let content, let signature) = try SignedEntity.read(entity: entity) else {
            throw Fault.signatureMissing
        }
        #expect(signature == [0x30, 0x00])
        return try Message.read(content)
    }

    @Test func `the reply is one signed message with as many parts, in the same order`() async throws {
        let message = try self.message(try await self.assembler.reply(try self.assembly()))
        #expect(message.parts.map(\.entry.filename) == ["fraga-0.xml", "fraga-1.xml"])
        #expect(message.parts.map(\.entry.datapartType) == ["xml", "xml"])
        #expect(message.parts.map(\.entry.byteCount) == message.parts.map(\.content.count))
    }

    @Test func `the label answers the request's label`() async throws {
        let label = try self.message(try await self.assembler.reply(try self.assembly())).label
        let request = RequestFixture().label
        #expect(label.txID == request.txID)
        #expect(label.corrID == request.corrID)
        #expect(label.sequenceType == .reply)
        #expect(label.from?.address.organisation == RequestFixture.node)
        #expect(label.to?.address.organisation == RequestFixture.municipality)
        #expect(label.datetime == "2026-01-02T03:04:05")
        #expect(label.status == .test)
        #expect(label.content.contentID == "00000000-0000-0000-0000-000000000001")
    }

    @Test func `each part is a valid answer to its own question`() async throws {
        let message = try self.message(try await self.assembler.reply(try self.assembly()))
        let reader = AnswerReader(contract: try QuestionFixture.contract())
        let answers = try message.parts.map { try reader.read($0.content) }
        #expect(answers.map(\.correlationID) == ["k-1", nil])
        #expect(answers.map(\.askedAt) == ["2026-01-02T03:04:05", "2026-01-02T03:04:05"])
        #expect(answers.map(\.hasEcho) == [true, false])
        #expect(
            answers[0][.af]
                == .error(ProviderError(source: .bt, code: "-1005", messages: ["Personen finns inte."])))
        #expect(answers[0][.tns] == .notAsked)
        #expect(answers[1][.tns] == .error(.gateway(.noAnswerInTime)))
        guard case .data = answers[0][.csn] else {
            Issue.record("CSN has data")
            return
        }
    }

    @Test func `a signer that fails fails the reply`() async throws {
        let assembly = try self.assembly()
        let assembler = ReplyAssembler.fixture(signer: EmptySigner(fails: true))
        await #expect(throws: EmptySigner.Failure.self) { try await assembler.reply(assembly) }
    }
}
