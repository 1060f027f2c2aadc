import GatewayFixtures
import Testing

@testable import Gateway

/// Random sequences of arrivals, identifications and ends, with the promises checked after each.
@Suite struct AdmissionStateRandomTests {
    private static let parties = (0..<5).map { Party(organisation: "\(2_120_000_000 + $0)", name: "") }
    private static let limit = PartyLimit(rate: 7, burst: 9, concurrency: 4)

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `whatever happens, no limit is passed and nothing is left behind`(_ block: UInt64) {
        for seed in block * 250..<(block + 1) * 250 {
            let violation = Self.run(seed: seed)
            #expect(violation == nil, "seed \(seed)")
            if violation != nil { return }
        }
    }

    private static func run(seed: UInt64) -> String? {
        var random = SeededGenerator(seed: seed)
        var configuration = AdmissionConfiguration()
        configuration.party = Self.limit
        configuration.questionsInFlight = 30
        configuration.automatedShare = 40
        var state = AdmissionState(configuration, period: .seconds(10))
        var held: [AdmissionState.Holding] = []
        var now = ManifestFixture.start
        /// Questions that each party has been granted.
        var granted: [String: Int] = [:]
        var back: [String: Int] = [:]
        let start = now

        for _ in 0..<Int.random(in: 20...150, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let candidates = random.oneIn(3) ? Self.parties : [Self.parties[Int.random(in: 0..<5, using: &random)]]
                guard case .entered(let holding) = state.enter(candidates, at: now) else { continue }
                if let party = holding.party { granted[party, default: 0] += 1 }
                held.append(holding)
            case 5..<8:
                guard let index = held.indices.randomElement(using: &random), held[index].questions == 0 else {
                    continue
                }
                let party = Self.parties[Int.random(in: 0..<5, using: &random)]
                let (questions, before) = (Int.random(in: 1...10, using: &random), held[index].party)
                let lane = WorkLane.allCases[Int.random(in: 0..<2, using: &random)]
                let decision = state.identify(&held[index], as: party, lane: lane, questions: questions, at: now)
                if let before, before != held[index].party { back[before, default: 0] += 1 }
                if decision == .admitted {
                    granted[party.organisation, default: 0] += before == party.organisation ? questions - 1 : questions
                } else if held[index].party != nil {
                    return "a refused request holds a place"
                }
            case 8:
                guard let index = held.indices.randomElement(using: &random) else { continue }
                state.end(held.remove(at: index))
            default:
                now = now + .milliseconds(Int.random(in: -50...900, using: &random))
            }
            if state.questionsInFlight > 30 || state.questionsInFlight(.automated) > 12 { return "too many in flight" }
            if state.questionsInFlight != held.reduce(0, { $0 + $1.questions }) { return "questions are miscounted" }
            for party in Self.parties.map(\.organisation) {
                let requests = held.count { $0.party == party }
                if state.requests(of: party) != requests { return "requests are miscounted" }
                if requests > Self.limit.concurrency { return "too many requests of one party" }
            }
        }
        // Clocks that went back are made up for by the burst; a last message may owe up to nine questions.
        let time = max(0, now.since(start).wholeMilliseconds) + 50 * 150
        for (party, count) in granted where count - (back[party] ?? 0) > 9 + 9 + Int(time) * 7 / 1_000 + 1 {
            return "a party asked faster than its rate"
        }
        for holding in held { state.end(holding) }
        if state.questionsInFlight != 0 { return "something is left behind" }
        if Self.parties.contains(where: { state.requests(of: $0.organisation) != 0 }) {
            return "a place is left behind"
        }
        return nil
    }
}
