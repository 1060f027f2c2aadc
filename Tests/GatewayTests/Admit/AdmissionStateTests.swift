import GatewayFixtures
import Testing

@testable import Gateway

/// Each event in each state of a party: with room, without tokens, without places, and in debt.
@Suite struct AdmissionStateTests {
    private let start = ManifestFixture.start
    private let one = Party(organisation: "2120009911", name: "A")
    private let two = Party(organisation: "2120009929", name: "B")

    private func state(_ change: (inout AdmissionConfiguration) -> Void = { _ in }) -> AdmissionState {
        var configuration = AdmissionConfiguration()
        configuration.party = PartyLimit(rate: 10, burst: 4, concurrency: 3)
        change(&configuration)
        return AdmissionState(configuration, period: .seconds(10))
    }

    private func entered(_ entry: AdmissionState.Entry) throws -> AdmissionState.Holding {
        guard case .entered(let holding) = entry else { throw Refused() }
        return holding
    }

    private struct Refused: Error {}

    @Test func `with room a request enters and takes a place and a token`() throws {
        var state = self.state()
        let holding = try self.entered(state.enter([self.one], at: self.start))
        #expect(holding == AdmissionState.Holding(party: self.one.organisation))
        #expect(state.requests(of: self.one.organisation) == 1)
        state.end(holding)
        #expect(state.requests(of: self.one.organisation) == 0)
    }

    @Test func `without tokens a request is told when the next one is there`() throws {
        var state = self.state()
        for _ in 0..<4 { state.end(try self.entered(state.enter([self.one], at: self.start))) }
        #expect(state.enter([self.one], at: self.start) == .refused(retryAfter: .milliseconds(100)))
        #expect(state.enter([self.one], at: self.start + .milliseconds(60)) == .refused(retryAfter: .milliseconds(40)))
        _ = try self.entered(state.enter([self.one], at: self.start + .milliseconds(100)))
    }

    @Test func `without places a request is refused until one has ended`() throws {
        var state = self.state()
        var holdings: [AdmissionState.Holding] = []
        for _ in 0..<3 { holdings.append(try self.entered(state.enter([self.one], at: self.start))) }
        #expect(state.enter([self.one], at: self.start) == .refused(retryAfter: nil))
        state.end(holdings.removeLast())
        _ = try self.entered(state.enter([self.one], at: self.start))
    }

    @Test func `one party's overload is nothing to another`() throws {
        var state = self.state()
        for _ in 0..<100 { _ = state.enter([self.one], at: self.start) }
        _ = try self.entered(state.enter([self.two], at: self.start))
    }

    @Test func `each question of a message counts, and debts are paid before the next`() throws {
        var state = self.state()
        var holding = try self.entered(state.enter([self.one], at: self.start))
        let decision = state.identify(&holding, as: self.one, lane: .caseworker, questions: 10, at: self.start)
        #expect(decision == .admitted)
        #expect(state.questionsInFlight == 10)
        // 4 - 10 tokens: seven are missing for the next.
        #expect(state.enter([self.one], at: self.start) == .refused(retryAfter: .milliseconds(700)))
        state.end(holding)
        #expect(state.questionsInFlight == 0)
    }

    @Test func `a supplier is stopped only when none of its parties may ask`() throws {
        var state = self.state()
        for _ in 0..<4 { state.end(try self.entered(state.enter([self.one], at: self.start))) }
        let holding = try self.entered(state.enter([self.one, self.two], at: self.start))
        #expect(holding.party == nil)
        for _ in 0..<4 { state.end(try self.entered(state.enter([self.two], at: self.start + .milliseconds(50)))) }
        let refused = state.enter([self.one, self.two], at: self.start + .milliseconds(60))
        #expect(refused == .refused(retryAfter: .milliseconds(40)))
    }

    @Test func `what a supplier sends is counted for the party that it is from`() throws {
        var state = self.state()
        for index in 0..<5 {
            var holding = try self.entered(state.enter([self.one, self.two], at: self.start))
            let decision = state.identify(&holding, as: self.one, lane: .caseworker, questions: 1, at: self.start)
            #expect(decision == (index < 4 ? .admitted : .refused(retryAfter: .milliseconds(100))))
            state.end(holding)
        }
        #expect(state.requests(of: self.one.organisation) == 0)
    }

    @Test func `whoever is identified as another gets back what it took`() throws {
        var state = self.state()
        var holding = try self.entered(state.enter([self.one], at: self.start))
        #expect(state.identify(&holding, as: self.two, lane: .caseworker, questions: 1, at: self.start) == .admitted)
        #expect(state.requests(of: self.one.organisation) == 0)
        #expect(state.requests(of: self.two.organisation) == 1)
        for _ in 0..<4 { state.end(try self.entered(state.enter([self.one], at: self.start))) }
        #expect(state.enter([self.one], at: self.start) == .refused(retryAfter: .milliseconds(100)))
    }

    @Test func `clients of nobody share one limit`() throws {
        var state = self.state()
        for _ in 0..<4 { state.end(try self.entered(state.enter([], at: self.start))) }
        #expect(state.enter([], at: self.start) == .refused(retryAfter: .milliseconds(100)))
    }

    @Test func `automated work fills its share and no more, and people have the rest`() throws {
        var state = self.state {
            $0.party = PartyLimit(rate: 1_000, burst: 1_000, concurrency: 1_000)
            $0.questionsInFlight = 20
            $0.automatedShare = 25
        }
        func ask(_ lane: WorkLane) throws -> Bool {
            var holding = try self.entered(state.enter([self.one], at: self.start))
            return state.identify(&holding, as: self.one, lane: lane, questions: 1, at: self.start) == .admitted
        }
        var admitted = 0
        for _ in 0..<20 where try ask(.automated) { admitted += 1 }
        #expect(admitted == 5)
        for _ in 0..<15 where try ask(.caseworker) { admitted += 1 }
        #expect(admitted == 20)
        // The whole gateway is full: nobody's message is read.
        #expect(state.enter([self.two], at: self.start) == .refused(retryAfter: nil))
        // A refusal of the whole gateway's costs the party nothing.
        #expect(state.requests(of: self.one.organisation) == 20)
    }

    @Test func `a party's own limits are in place of the general ones`() throws {
        var state = self.state()
        let small = Party(organisation: "2120009937", name: "C", limits: .init(burst: 1))
        state.end(try self.entered(state.enter([small], at: self.start)))
        #expect(state.enter([small], at: self.start) == .refused(retryAfter: .milliseconds(100)))
    }

    @Test func `parties that ask nothing are forgotten`() throws {
        var state = self.state()
        for index in 0..<20_000 {
            let party = Party(organisation: "\(1_000_000_000 + index)", name: "")
            state.end(try self.entered(state.enter([party], at: self.start + .milliseconds(index * 10))))
        }
        #expect(state.partyCount <= 2_048)
    }

    @Test func `refusals are reported once a minute`() throws {
        var state = self.state()
        for _ in 0..<10 { _ = state.enter([self.one], at: self.start) }
        #expect(state.report(at: self.start) == [self.one.organisation: 7])
        for _ in 0..<10 { _ = state.enter([self.one], at: self.start) }
        #expect(state.report(at: self.start + .seconds(59)).isEmpty)
        #expect(state.report(at: self.start + .seconds(60)) == [self.one.organisation: 10])
        #expect(state.report(at: self.start + .seconds(120)).isEmpty)
    }
}
