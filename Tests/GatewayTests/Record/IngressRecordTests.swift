import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK
import Testing

/// Who asked is written before anybody is asked, and how it ended before anybody is answered.
@Suite(.timeLimit(.minutes(5))) struct IngressRecordTests {
    private let clock = VirtualClock(at: ManifestFixture.start)
    private let transport = RecordingIngressTransport()
    private let record = MemoryRecord()

    private func run(_ body: (Ingress) async throws -> Void) async throws {
        let deadlines = DeadlineConfiguration()
        let ingress = Ingress(
            intake: try RequestFixture.intake(), splitter: Splitter(deadlines: deadlines, shards: 8),
            deadlines: deadlines, transport: self.transport, clock: self.clock, record: self.record,
            pseudonyms: self.record)
        let running = Task { try await ingress.run() }
        try await body(ingress)
        self.transport.shutDown()
        try await running.value
    }

    private func answer(_ number: Int) {
        let transaction = self.transport.dispatches[number].manifest.transaction
        self.transport.send(
            Reply(transaction: transaction, outcome: .message([1]), sections: SectionCount(data: 7, errors: 0)))
    }

    @Test func `the entry says who asks, about whom, and which base services`() async throws {
        let questions = [
            QuestionFixture(providers: [.af, .csn]), QuestionFixture(person: QuestionFixture.persons[1]),
        ]
        try await self.run { ingress in
            let transfer = try RequestFixture(questions: questions).transfer()
            async let outcome = ingress.handle(transfer)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            #expect(self.record.names == ["accepted"])
            self.answer(0)
            #expect(await outcome == .reply([1], SectionCount(data: 7)))
        }
        guard case .accepted(let access)? = self.record.events.first else {
            Issue.record("the first entry says that it was accepted")
            return
        }
        #expect(access.party == RequestFixture.municipality)
        #expect(access.signer.serial == "0A")
        #expect(access.signer.issuer == "CN=issuer,C=SE")
        #expect(access.txID == "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01")
        #expect(access.questions.map(\.caseWorker) == ["handlaggare-17", "handlaggare-17"])
        #expect(access.questions.map(\.caseID) == ["EB-42", "EB-42"])
        #expect(access.questions.map(\.providers) == [[.af, .csn], Provider.allCases])
        #expect(Set(access.questions.map(\.person)).count == 2)
        #expect(
            self.record.events.last
                == .answered(access.transaction, .reply(SectionCount(data: 7)), .zero, joined: nil))
    }

    @Test func `nothing of a question is in the record but case worker and case`() async throws {
        try await self.run { ingress in
            let transfer = try RequestFixture(txID: QuestionFixture.persons[0]).transfer()
            async let outcome = ingress.handle(transfer)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            self.answer(0)
            _ = await outcome
        }
        let text = self.record.text
        for secret in [QuestionFixture.persons[0], "8503119813", "Exempelkommun", "Prov", "2026-10-01", "k-1"] {
            #expect(!text.contains(secret), "\(secret)")
        }
    }

    @Test func `without an entry nobody is asked, and the sender is told 503`() async throws {
        self.record.setAvailable(false)
        try await self.run { ingress in
            #expect(!ingress.isReady)
            let outcome = await ingress.handle(try RequestFixture().transfer())
            #expect(outcome == .refused(.recordUnavailable))
            #expect(Fault.recordUnavailable.httpStatus == 503)
        }
        #expect(self.transport.dispatches.isEmpty)
        #expect(self.record.events == [])
    }

    @Test func `a reply whose entry cannot be written is not handed out`() async throws {
        self.record.take { $0.name == "accepted" }
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            async let outcome = ingress.handle(transfer)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            self.answer(0)
            #expect(await outcome == .refused(.recordUnavailable))
        }
    }

    @Test func `a refusal says as much of the sender as was known by then`() async throws {
        try await self.run { ingress in
            let unsigned = try RequestFixture().transfer(refusal: .signatureInvalid)
            #expect(await ingress.handle(unsigned) == .refused(.signatureInvalid))
            let stranger = try RequestFixture().transfer(peer: .fixture(organisation: "2120000142"))
            #expect(await ingress.handle(stranger) == .refused(.transportOfAnotherParty))
            let wrongStatus = try RequestFixture().transfer(label: { $0.status = .production })
            #expect(await ingress.handle(wrongStatus) == .refused(.wrongStatus))
        }
        let certificate = RecordedCertificate(.fixture())
        let txID = "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01"
        #expect(
            self.record.events == [
                .refused(.signatureInvalid, Asker(client: certificate)),
                .refused(.transportOfAnotherParty, Asker(txID: txID, signer: certificate, client: certificate)),
                .refused(
                    .wrongStatus,
                    Asker(party: RequestFixture.municipality, txID: txID, signer: certificate, client: certificate)),
            ])
    }

    @Test func `a request that is one too many is counted, by party and client alone`() async throws {
        var configuration = AdmissionConfiguration()
        configuration.party = PartyLimit(rate: 1, burst: 1, concurrency: 1)
        let admission = Admission(configuration, deadlines: DeadlineConfiguration(), clock: self.clock)
        let parties = try RequestFixture.parties().all + [Party(organisation: "2120009911", name: "")]
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            guard case .entered(let one) = admission.enter(parties), case .entered(let other) = admission.enter(parties)
            else { throw RecordUnavailable() }
            func permitted(_ permit: AdmissionPermit) -> ReceivedTransfer {
                ReceivedTransfer(
                    body: transfer.body, contentType: transfer.contentType, peer: transfer.peer, trust: transfer.trust,
                    permit: permit)
            }
            async let first = ingress.handle(permitted(one))
            #expect(await eventually { self.transport.dispatches.count == 1 })
            #expect(await ingress.handle(permitted(other)) == .refused(.tooManyRequests))
            self.answer(0)
            _ = await first
        }
        let asker = Asker(party: RequestFixture.municipality, client: RecordedCertificate(.fixture()))
        #expect(self.record.events.contains(.turnedAway(reason: "too-many-requests", asker, count: 1)))
        #expect(self.record.names.sorted() == ["accepted", "answered", "refused"])
    }

    @Test func `a refusal that cannot be written is a 503`() async throws {
        self.record.setAvailable(false)
        try await self.run { ingress in
            let unsigned = try RequestFixture().transfer(refusal: .signatureInvalid)
            #expect(await ingress.handle(unsigned) == .refused(.recordUnavailable))
        }
    }

    @Test func `a repeat that joins is written as an access of its own`() async throws {
        try await self.run { ingress in
            let transfer = try RequestFixture().transfer()
            async let one = ingress.handle(transfer)
            #expect(await eventually { self.transport.dispatches.count == 1 })
            async let two = ingress.handle(transfer)
            #expect(await eventually { ingress.waiterCount == 2 })
            self.answer(0)
            _ = await (one, two)
        }
        #expect(self.record.names.sorted() == ["accepted", "accepted", "answered", "answered"])
        let first = self.transport.dispatches[0].manifest.transaction
        let joined = self.record.events.compactMap { event in
            if case .answered(_, _, _, let joined) = event { joined } else { nil }
        }
        #expect(joined == [first])
    }
}
