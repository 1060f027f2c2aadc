package import SSBTEK

/// What happens to one question: when it is answered, and with what.
package struct SimulatedDecision: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        case answer, fault, garbage(SimulatedGarbage), hang, reset, oversize, twice
    }

    package let outcome: Outcome
    package let latency: Duration
}

extension SimulatorBehaviour {
    /// The decision about every question, when nothing has to be drawn: the path that benchmarks use.
    var constantDecision: SimulatedDecision? {
        guard case .fixed(let latency) = self.latency,
            self.failureRate == 0
        else { return nil }
        return SimulatedDecision(outcome: .answer, latency: latency)
    }

    /// The decision about the `attempt`th question to a provider about one person.
    package func decision(for provider: Provider, about digits: String, attempt: Int) -> SimulatedDecision {
        if let constant = self.constantDecision { return constant }
        var generator = SeededGenerator(digits, salt: "\(provider.rawValue) \(attempt)", seed: self.seed)
        let latency = self.latency.drawn(from: &generator)
        var roll = generator.unit()
        let bands: [(rate: Double, outcome: SimulatedDecision.Outcome)] = [
            (self.errors, .fault),
            (self.garbage, .garbage(self.garbageKind ?? generator.pick(SimulatedGarbage.allCases))),
            (self.hang, .hang), (self.reset, .reset), (self.oversize, .oversize), (self.twice, .twice),
        ]
        for band in bands {
            if roll < band.rate { return SimulatedDecision(outcome: band.outcome, latency: latency) }
            roll -= band.rate
        }
        return SimulatedDecision(outcome: .answer, latency: latency)
    }
}
