/// What a simulated base service understands of a request: the person, the period, and what some services echo.
package struct SimulatedQuestion: Sendable {
    /// Twelve digits: personal data.
    package var digits: String
    package var period: SimulatedPeriod
    var organisationNumber: String
    var applicant: String
    var caseWorker: String
    var reference: String
    var purpose: String
    var legalText: String
    var correlationID: String?
    var processor: (organisationNumber: String, name: String)?

    package init(
        digits: String, period: SimulatedPeriod = .unspecified, organisationNumber: String = "162120002411",
        applicant: String = "Sundsvalls kommun", caseWorker: String = "kommun\\handläggare", reference: String = "EK-1",
        purpose: String = "Ekonomiskt bistånd", legalText: String = "11 kap. 11 § SoL", correlationID: String? = nil
    ) {
        self.digits = digits
        self.period = period
        self.organisationNumber = organisationNumber
        self.applicant = applicant
        self.caseWorker = caseWorker
        self.reference = reference
        self.purpose = purpose
        self.legalText = legalText
        self.correlationID = correlationID
    }
}
