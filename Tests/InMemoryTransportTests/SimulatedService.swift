import Gateway
import InMemoryTransport
import SSBTEK
import Synchronization

/// A base service of the simulation: answers at once with something about the person asked, or not before it is told to.
final class SimulatedService: BaseServiceAsking {
    private let provider: Provider
    private let clock: VirtualClock
    private let isSilent: Bool
    private let asked = Mutex(0)

    var askedCount: Int { self.asked.withLock { $0 } }

    init(_ provider: Provider, clock: VirtualClock, isSilent: Bool = false) {
        self.provider = provider
        self.clock = clock
        self.isSilent = isSilent
    }

    func ask(_ question: Question, within remaining: Duration) async -> SectionOutcome {
        self.asked.withLock { $0 += 1 }
        if self.isSilent {
            // Longer than anybody waits, so that its answer is late.
            try? await self.clock.sleep(until: self.clock.now() + remaining + .seconds(30))
        }
        return Self.outcome(self.provider, about: question.correlationID ?? "")
    }

    /// What it says: an error with a code that names the provider and the question, which every contract has room for.
    static func outcome(_ provider: Provider, about correlationID: String) -> SectionOutcome {
        .error(ProviderError(source: .bt, code: "\(provider.rawValue)-\(correlationID)", messages: ["prov"]))
    }
}
