/// One question about one person: a `hamtaBastjanstInformation` document that was accepted.
///
/// Days are `YYYY-MM-DD`. Shows nothing of itself when printed except which base services are asked.
package struct Question: Sendable, Equatable, Redacted {
    /// When the asker says to have asked: the lexical form of `xs:dateTime`, returned as it came.
    package var askedAt: String?
    /// The asker's own identifier, returned as it came.
    package var correlationID: String?
    package var applicant: Applicant
    package var person: PersonIdentity
    package var caseID: String
    package var period: Period
    package var processors: [Processor]
    package var purpose: String
    package var legalText: String
    /// The base services that are asked, in the contract's order; never empty.
    package var included: [Provider]
    /// Periods of a base service's own, for those that are asked and have one.
    package var periods: [Provider: Period]
    /// Nil when Försäkringskassan is not asked, or the question to it is left to the gateway.
    package var lefi: LEFIQuestion?
    /// The complete `<s:fraga>` element with the question's content byte by byte, when the asker wants it back.
    package var echoContent: [UInt8]?

    package init(
        askedAt: String? = nil, correlationID: String? = nil, applicant: Applicant, person: PersonIdentity,
        caseID: String,
        period: Period, processors: [Processor] = [], purpose: String, legalText: String, included: [Provider],
        periods: [Provider: Period] = [:], lefi: LEFIQuestion? = nil, echoContent: [UInt8]? = nil
    ) {
        self.askedAt = askedAt
        self.correlationID = correlationID
        self.applicant = applicant
        self.person = person
        self.caseID = caseID
        self.period = period
        self.processors = processors
        self.purpose = purpose
        self.legalText = legalText
        self.included = included
        self.periods = periods
        self.lefi = lefi
        self.echoContent = echoContent
    }

    /// Whether the asker wants the question back in the answer.
    package var echo: Bool { self.echoContent != nil }

    /// The days that one base service is asked about: its own period, else the general one.
    package func period(for provider: Provider) -> Period {
        self.periods[provider] ?? self.period
    }

    package var description: String {
        "<redacted Question to \(self.included.map(\.rawValue).joined(separator: " "))>"
    }
}
