import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import Testing

@Suite(.timeLimit(.minutes(5))) struct AdmissionTests {
    private let clock = VirtualClock(at: ManifestFixture.start)

    private func admission(rate: Int = 2, burst: Int = 1, concurrency: Int = 1) -> Admission {
        var configuration = AdmissionConfiguration()
        configuration.party = PartyLimit(rate: rate, burst: burst, concurrency: concurrency)
        return Admission(configuration, deadlines: DeadlineConfiguration(), clock: self.clock)
    }

    private func permit(_ admission: Admission, _ parties: [Party]) -> AdmissionPermit? {
        if case .entered(let permit) = admission.enter(parties) { permit } else { nil }
    }

    @Test func `a permit is given back by whoever drops it last`() throws {
        let admission = self.admission(burst: 10)
        let parties = try RequestFixture.parties().all
        var first = self.permit(admission, parties)
        #expect(first != nil)
        #expect(self.permit(admission, parties) == nil)
        first = nil
        #expect(self.permit(admission, parties) != nil)
    }

    @Test func `an ingress refuses what its permit does not cover, before anything is published`() async throws {
        let transport = RecordingIngressTransport()
        let deadlines = DeadlineConfiguration()
        let ingress = Ingress(
            intake: try RequestFixture.intake(), splitter: Splitter(deadlines: deadlines, shards: 8),
            deadlines: deadlines, transport: transport, clock: self.clock)
        let admission = self.admission()
        let parties = try RequestFixture.parties().all
        // The party's only token goes to the first; the second came over a certificate of several.
        let other = Party(organisation: "2120009911", name: "")
        let several = try #require(self.permit(admission, parties + [other]))
        _ = self.permit(admission, parties)
        let transfer = try RequestFixture().transfer()
        let refused = ReceivedTransfer(
            body: transfer.body, contentType: transfer.contentType, peer: transfer.peer, trust: transfer.trust,
            permit: several)
        #expect(await ingress.handle(refused) == .refused(.tooManyRequests))
        #expect(several.retryAfter == .milliseconds(500))
        #expect(transport.dispatches.isEmpty)
    }

    @Test func `replies that do not come in time let fewer in, and the operator hears of it`() async throws {
        let deadlines = DeadlineConfiguration()
        let ingress = Ingress(
            intake: try RequestFixture.intake(), splitter: Splitter(deadlines: deadlines, shards: 8),
            deadlines: deadlines, transport: RecordingIngressTransport(), clock: self.clock)
        var configuration = AdmissionConfiguration()
        (configuration.questionsInFlight, configuration.leastQuestionsInFlight) = (3, 1)
        let admission = Admission(configuration, deadlines: deadlines, clock: self.clock)
        func ask(_ txID: String) async throws -> IngressOutcome {
            let transfer = try RequestFixture(txID: txID).transfer()
            return await ingress.handle(
                ReceivedTransfer(
                    body: transfer.body, contentType: transfer.contentType, peer: transfer.peer, trust: transfer.trust,
                    permit: self.permit(admission, try RequestFixture.parties().all)))
        }
        async let first = ask("first")
        async let second = ask("second")
        #expect(await eventually { self.clock.sleeperCount == 2 })
        self.clock.advance(by: deadlines.waitBudget(persons: 1))
        #expect(try await first == .refused(.noReplyInTime))
        #expect(try await second == .refused(.noReplyInTime))
        #expect(CapturedLog.shared.text.contains { $0.contains("Replies come too late") && $0.contains("=1") })
    }

    @Test func `a party that asks too much is named to the operator once, with how often`() throws {
        let log = CapturedLog.shared
        let admission = self.admission()
        let party = Party(organisation: "2120007741", name: "")
        for _ in 0..<5 { _ = self.permit(admission, [party]) }
        #expect(log.text.count { $0.contains("held back") && $0.contains("2120007741") } == 1)
    }

    @Test(arguments: [
        (WorkLane.caseworker, [String](), WorkLane.caseworker), (.automated, [], .automated),
        (.caseworker, ["CN=fixture"], .automated), (.caseworker, ["CN=another"], .caseworker),
    ])
    func `the lane is the party's, or the signer's where it is listed`(
        _ lane: WorkLane, _ automated: [String], _ expected: WorkLane
    ) {
        let signer = CertificateIdentity(
            subject: "CN=fixture", subjectSerialNumber: nil, commonName: nil, issuer: "", serialNumber: "",
            fingerprint: "", notAfter: 0)
        #expect(Party(organisation: "", name: "", lane: lane, automated: automated).lane(signedBy: signer) == expected)
    }

    @Test func `every item of an automated request is in that lane`() throws {
        var request = try RequestFixture().accepted()
        let splitter = Splitter(deadlines: DeadlineConfiguration(), shards: 8)
        let address = ReplyAddress("here")
        let plain = splitter.split(
            request, transaction: TransactionID("a"), replyAddress: address, at: self.clock.now())
        #expect(plain.items.allSatisfy { $0.lane == .caseworker })
        request = AcceptedRequest(
            label: request.label, party: request.party, questions: request.questions, lane: .automated)
        let split = splitter.split(
            request, transaction: TransactionID("a"), replyAddress: address, at: self.clock.now())
        #expect(split.items.count == 7 && split.items.allSatisfy { $0.lane == .automated })
    }

    @Test func `limits that cannot be meant are an error of the register`() {
        #expect(throws: PartyRegisterError.malformedLimit(of: "2120009911")) {
            try PartyRegister([Party(organisation: "2120009911", name: "", limits: .init(rate: 0))])
        }
    }

    @Test func `a transport certificate reaches its own party and those that it delivers for`() throws {
        func certificate(_ number: String) -> CertificateIdentity {
            CertificateIdentity(
                subject: "CN=x", subjectSerialNumber: "16" + number, commonName: nil, issuer: "", serialNumber: "",
                fingerprint: "", notAfter: 0)
        }
        let register = try PartyRegister([
            Party(organisation: "2120009911", name: ""),
            Party(organisation: "2120009929", name: "", supplier: "5599990016"),
            Party(organisation: "5599990016", name: ""),
        ])
        func reached(_ number: String) -> [String] {
            register.parties(reachedWith: certificate(number), at: 0).map(\.organisation)
        }
        #expect(reached("2120009911") == ["2120009911"])
        #expect(reached("5599990016") == ["2120009929", "5599990016"])
        #expect(reached("2120009937").isEmpty)
    }
}
