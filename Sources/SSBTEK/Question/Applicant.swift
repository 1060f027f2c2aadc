/// Who asks: the municipality, and the case worker at it (`ingivare`).
package struct Applicant: Sendable, Equatable, Redacted {
    package let organisationNumber: OrganisationNumber
    package let name: String
    /// A name or a user name.
    package let caseWorker: String

    package init(organisationNumber: OrganisationNumber, name: String, caseWorker: String) {
        self.organisationNumber = organisationNumber
        self.name = name
        self.caseWorker = caseWorker
    }
}

/// Someone who handles the question for the municipality (`personuppgiftsbitrade`).
package struct Processor: Sendable, Equatable, Redacted {
    /// The place among several, when the asker gave one.
    package let order: Int?
    package let organisationNumber: OrganisationNumber
    package let name: String

    package init(order: Int?, organisationNumber: OrganisationNumber, name: String) {
        self.order = order
        self.organisationNumber = organisationNumber
        self.name = name
    }
}
