import Providers
import SSBTEK
import Synchronization

/// What each base service says about a person, worked out beside the gateway: the simulated authority is asked directly,
/// and its answer made into the section that the contract wants, byte for byte.
final class ExpectedAnswers: Sendable {
    private let reader: QuestionReader
    private let contract: Contract
    private let known = Mutex<[Person: [Provider: SectionOutcome]]>([:])

    init(contract: Contract) {
        self.contract = contract
        self.reader = QuestionReader(contract: contract)
    }

    func sections(about person: Person) throws -> [Provider: SectionOutcome] {
        if let sections = self.known.withLock({ $0[person] }) { return sections }
        let question = try self.reader.read(person.question)
        var sections: [Provider: SectionOutcome] = [:]
        for provider in Provider.allCases {
            let adapter = BaseServiceAdapter(
                ProviderConfiguration(provider, url: "https://localhost/"), contract: self.contract)
            let request = adapter.request(for: question)
            let path = request.path ?? SimulatorConfiguration.path(of: provider)
            let reply = SimulatedAuthority(provider).answer(path: path, body: request.body)
            sections[provider] = adapter.outcome(
                of: BaseServiceResponse(status: reply.status, contentType: reply.contentType, body: reply.body),
                to: question)
        }
        self.known.withLock { $0[person] = sections }
        return sections
    }
}
