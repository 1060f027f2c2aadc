import Gateway
import GatewayFixtures
import SHS
import SSBTEK
import Testing

@Suite struct IntakeTests {
    private let now = ManifestFixture.start

    private func accept(_ transfer: ReceivedTransfer) throws -> AcceptedRequest {
        var verdict: VerdictSummary?
        var asker = Asker()
        return try RequestFixture.intake().accept(transfer, at: self.now, verdict: &verdict, asker: &asker)
    }

    @Test func `a request is read to its questions, byte for byte`() throws {
        let questions = QuestionFixture.persons.map { QuestionFixture(person: $0) }
        let request = try self.accept(try RequestFixture(questions: questions).transfer())
        #expect(request.questions.map(\.bytes) == questions.map(\.bytes))
        #expect(request.questions.map(\.question.person.digits) == QuestionFixture.persons)
        #expect(request.party.organisation == RequestFixture.municipality)
        #expect(request.label.txID == RequestFixture().txID)
    }

    @Test func `ten questions are accepted, eleven are not`() throws {
        let ten = Array(repeating: QuestionFixture(), count: 10)
        #expect(try self.accept(try RequestFixture(questions: ten).transfer()).questions.count == 10)
        let eleven = try RequestFixture(questions: ten + [QuestionFixture()]).transfer()
        #expect(throws: Fault.wrongNumberOfQuestions) { try self.accept(eleven) }
    }

    @Test func `a message without a question is a broken structure`() throws {
        let none = try RequestFixture(questions: []).transfer()
        let fault = #expect(throws: Fault.self) { try self.accept(none) }
        #expect(fault?.code == .illegalMessageStructure)
        #expect(fault?.httpStatus == 400)
    }

    @Test func `one bad question refuses the whole message`() throws {
        let bad = try RequestFixture(questions: [QuestionFixture(), QuestionFixture(person: "198503119814")]).transfer()
        #expect(throws: Fault.invalidIdentityNumber) { try self.accept(bad) }
        let none = try RequestFixture(questions: [QuestionFixture(providers: [])]).transfer()
        #expect(throws: Fault.noProviderIncluded) { try self.accept(none) }
    }

    @Test func `who may not ask is refused before the label's other faults and the questions are looked at`() throws {
        let questions = [QuestionFixture(person: "198503119814")]
        let stranger = try RequestFixture(questions: questions).transfer(
            label: { $0.from = PartyAddress("5565317129").map { .init(address: $0) } })
        #expect(throws: Fault.unknownParty) { try self.accept(stranger) }
        let transport = try RequestFixture(questions: questions).transfer(
            label: { $0.status = .production }, peer: .fixture(organisation: "5565317129"))
        #expect(throws: Fault.transportOfAnotherParty) { try self.accept(transport) }
        let status = try RequestFixture(questions: questions).transfer(label: { $0.status = .production })
        #expect(throws: Fault.wrongStatus) { try self.accept(status) }
    }

    @Test func `a message that is not signed as a whole is refused`() throws {
        let signed = try RequestFixture().transfer()
        guard case .detached(let content, _) = try SignedEntity.read(entity: signed.body) else {
            Issue.record("the fixture is signed")
            return
        }
        let unsigned = ReceivedTransfer(
            body: content, contentType: "message/rfc822", peer: signed.peer, trust: signed.trust)
        #expect(throws: Fault.signatureMissing) { try self.accept(unsigned) }
        let other = ReceivedTransfer(
            body: signed.body, contentType: "text/html", peer: signed.peer, trust: signed.trust)
        #expect(throws: Fault.wrongContentType) { try self.accept(other) }
    }

    @Test func `every truncation of a request is refused, and none traps`() throws {
        let transfer = try RequestFixture(questions: [QuestionFixture(providers: [.af])]).transfer()
        let intake = try RequestFixture.intake()
        // What follows the closing boundary is of no meaning.
        for length in stride(from: 0, to: transfer.body.count - 16, by: 7) {
            let cut = ReceivedTransfer(
                body: Array(transfer.body.prefix(length)), contentType: transfer.contentType, peer: transfer.peer,
                trust: transfer.trust)
            var verdict: VerdictSummary?
            var asker = Asker()
            #expect(throws: Fault.self, "\(length)") {
                try intake.accept(cut, at: self.now, verdict: &verdict, asker: &asker)
            }
        }
    }

    @Test func `the verdict about the signature is told whatever comes of the request`() throws {
        let intake = try RequestFixture.intake()
        var verdict: VerdictSummary?
        var asker = Asker()
        _ = try intake.accept(try RequestFixture().transfer(), at: self.now, verdict: &verdict, asker: &asker)
        #expect(verdict == VerdictSummary(reason: nil))
        let refused = try RequestFixture().transfer(refusal: .certificateUntrusted)
        #expect(throws: Fault.certificateUntrusted) {
            try intake.accept(refused, at: self.now, verdict: &verdict, asker: &asker)
        }
        #expect(verdict == VerdictSummary(reason: "untrusted", failed: ["path"]))
    }

    @Test func `each request is judged by the trust that came with it`() throws {
        let known = try RequestFixture().transfer()
        let nobody = BelievingVerifier(parties: try PartyRegister([]), signer: .fixture())
        let stranger = ReceivedTransfer(
            body: known.body, contentType: known.contentType, peer: known.peer, trust: nobody)
        #expect(try self.accept(known).party.organisation == RequestFixture.municipality)
        #expect(throws: Fault.unknownParty) { try self.accept(stranger) }
    }
}
