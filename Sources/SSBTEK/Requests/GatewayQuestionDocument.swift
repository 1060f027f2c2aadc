internal import XML

/// The question in this project's own words, for base services whose published contract has no usable request document.
///
/// Namespace ``Namespace/gatewayQuestion``, document element named by the caller; person, period and who asks why.
enum GatewayQuestionDocument {
    static func document(named name: String, for question: Question, to provider: Provider) -> [UInt8] {
        let period = question.period(for: provider)
        var writer = XMLWriter()
        writer.start(name, ["xmlns": Namespace.gatewayQuestion])
        writer.element("personidentitet", text: question.person.digits)
        writer.element("fromDatum", text: period.from)
        writer.element("tomDatum", text: period.to)
        writer.element("arendeidentitet", text: question.caseID)
        writer.start("ingivare")
        writer.element("organisationsnummer", text: question.applicant.organisationNumber.twelveDigits)
        writer.element("namn", text: question.applicant.name)
        writer.element("handlaggare", text: question.applicant.caseWorker)
        writer.end()
        writer.element("syfte", text: question.purpose)
        writer.element("lagtext", text: question.legalText)
        writer.end()
        return writer.bytes
    }
}
