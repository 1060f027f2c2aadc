import Gateway
import SSBTEK
import Synchronization

/// A base service that gives the same outcome every time and keeps what it was asked.
final class FixedBaseService: BaseServiceAsking {
    private let outcome: SectionOutcome
    private let asked = Mutex<[(question: Question, remaining: Duration)]>([])

    var questions: [Question] { self.asked.withLock { $0.map(\.question) } }
    var times: [Duration] { self.asked.withLock { $0.map(\.remaining) } }

    init(_ outcome: SectionOutcome) {
        self.outcome = outcome
    }

    func ask(_ question: Question, within remaining: Duration) async -> SectionOutcome {
        self.asked.withLock { $0.append((question, remaining)) }
        return self.outcome
    }
}
