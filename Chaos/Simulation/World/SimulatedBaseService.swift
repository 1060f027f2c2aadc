import Gateway
import GatewayFixtures
import SSBTEK

/// A base service as one worker reaches it; what it does depends on the question and the seed only.
struct SimulatedBaseService: BaseServiceAsking {
    enum Behaviour: Equatable {
        case answers(after: Duration)
        /// Answers, but longer after it was asked than its adapter was told to wait.
        case overruns(by: Duration)
        case garbage(after: Duration)
        case never
    }

    let provider: Provider
    let seed: UInt64
    /// In percent.
    let slowness: Int
    let clock: any GatewayClock
    let onAsked: @Sendable (_ correlationID: String, _ remaining: Duration) -> Void

    func ask(_ question: Question, within remaining: Duration) async -> SectionOutcome {
        let id = question.correlationID ?? ""
        self.onAsked(id, remaining)
        switch Self.behaviour(of: self.provider, for: id, seed: self.seed, slowness: self.slowness) {
        case .answers(let delay):
            guard delay <= remaining else { return await self.giveUp(after: remaining) }
            await self.sleep(delay)
            return Self.outcome(self.provider, id, seed: self.seed)
        case .overruns(let excess):
            await self.sleep(remaining + excess)
            return Self.outcome(self.provider, id, seed: self.seed)
        case .garbage(let delay):
            await self.sleep(min(delay, remaining))
            return .error(.gateway(.answerAgainstContract))
        case .never: return await self.giveUp(after: remaining)
        }
    }

    private func giveUp(after remaining: Duration) async -> SectionOutcome {
        await self.sleep(remaining)
        return .error(.gateway(.noAnswerInTime))
    }

    private func sleep(_ duration: Duration) async {
        // A worker that is killed wakes from it; nothing of what it then says reaches anybody.
        try? await self.clock.sleep(until: self.clock.now() + duration)
    }

    static func behaviour(of provider: Provider, for id: String, seed: UInt64, slowness: Int) -> Behaviour {
        var generator = SeededGenerator(seed: seed ^ Self.digest(provider, id))
        let quick: Duration = .milliseconds(generator.oneIn(2) ? 0 : Int.random(in: 1...400, using: &generator))
        guard Int.random(in: 0..<100, using: &generator) < slowness else {
            return generator.oneIn(20) ? .garbage(after: quick) : .answers(after: quick)
        }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return .never
        case 1: return .overruns(by: .milliseconds(Int.random(in: 0...3_000, using: &generator)))
        default: return .answers(after: .milliseconds(Int.random(in: 400...9_000, using: &generator)))
        }
    }

    /// Data or an error of the base service's own, both with the marker.
    static func outcome(_ provider: Provider, _ id: String, seed: UInt64) -> SectionOutcome {
        let marker = Self.marker(provider, id)
        if (seed ^ Self.digest(provider, id)) % 3 == 0 {
            return .error(ProviderError(source: .bt, code: marker, messages: ["prov"]))
        }
        let element =
            "<s:data xmlns:s=\"http://schema.forsakringskassan.se/integration/ssbt/10\"><svar>\(marker)</svar></s:data>"
        return .data(Array(element.utf8))
    }

    static func marker(_ provider: Provider, _ id: String) -> String { "\(provider.rawValue)-\(id)" }

    private static func digest(_ provider: Provider, _ id: String) -> UInt64 {
        ContentDigest(of: Array(Self.marker(provider, id).utf8)).value
    }
}
