import Providers
import SSBTEK
import Testing

/// What the tests of this target share: the contract, and questions about given people.
enum TestFixtures {
    static let contract: Contract = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        do {
            return try Contract(directory: "/\(root)/Config/contracts/ssbtek-10")
        } catch {
            preconditionFailure("the contract of the repository does not load: \(error)")
        }
    }()

    static let muchData = "198503119821"

    static func question(
        about digits: String = muchData, from: String = "2025-09-01", to: String = "2025-10-31",
        lefi: LEFIQuestion? = nil, correlationID: String? = "k-1"
    ) throws -> Question {
        Question(
            correlationID: correlationID,
            applicant: Applicant(
                organisationNumber: try OrganisationNumber("162120002411"), name: "Sundsvalls kommun & förvaltning",
                caseWorker: "åsö12ärl"),
            person: try PersonIdentity(digits), caseID: "EK-2025-<17>",
            period: try #require(Period(from: from, to: to)),
            processors: [
                Processor(order: 1, organisationNumber: try OrganisationNumber("165565317129"), name: "Biträde AB")
            ],
            purpose: "Ekonomiskt bistånd", legalText: "11 kap. 11 a § SoL", included: Provider.allCases, lefi: lefi)
    }

    /// A personnummer that passes every check, made from a number.
    static func digits(_ index: Int) -> String {
        let year = 1930 + index % 80
        let month = 1 + index % 12
        let day = 1 + index % 28 + (index % 17 == 0 ? 60 : 0)
        let serial = 1 + index % 979
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let nine =
            two(year % 100) + two(month) + two(day) + (serial < 10 ? "00" : serial < 100 ? "0" : "") + "\(serial)"
        var sum = 0
        for (place, digit) in nine.utf8.enumerated() {
            let value = (Int(digit) - 48) * (place % 2 == 0 ? 2 : 1)
            sum += value / 10 + value % 10
        }
        return "\(year / 100)" + nine + "\((10 - sum % 10) % 10)"
    }

    /// Asks a simulated authority through the adapter, without a network.
    static func outcome(
        _ question: Question, _ provider: Provider, soap: Bool = false, form: SectionForm? = nil,
        reply: (SimulatedAuthority, String, [UInt8]) -> SimulatedReply = { $0.answer(path: $1, body: $2) }
    ) -> SectionOutcome {
        var configuration = ProviderConfiguration(provider, url: "https://localhost")
        configuration.usesSOAP = soap
        if let form { configuration.form = form }
        let adapter = BaseServiceAdapter(configuration, contract: Self.contract)
        let request = adapter.request(for: question)
        let authority = SimulatedAuthority(provider, usesSOAP: soap, form: form)
        let answer = reply(authority, request.path ?? "/", request.body)
        return adapter.outcome(
            of: BaseServiceResponse(status: answer.status, contentType: answer.contentType, body: answer.body),
            to: question)
    }

    /// What the asker finds in an answer made of one section.
    static func finding(_ outcome: SectionOutcome, _ provider: Provider) throws -> AnswerSection {
        let answer = AnswerWriter.answer(
            askedAt: nil, correlationID: nil, echo: nil, sections: [(provider, outcome)])
        return try AnswerReader(contract: Self.contract).read(answer)[provider]
    }
}
