internal import XML

/// The unemployment funds' `GetUnemploymentBenefitPaymentRequest`.
enum SORequest {
    static func document(for question: Question) -> [UInt8] {
        let period = question.period(for: .so)
        var writer = XMLWriter()
        writer.start("GetUnemploymentBenefitPaymentRequest", ["xmlns": Namespace.samorganisation])
        writer.element("OrganisationsnummerIngivare", text: question.applicant.organisationNumber.twelveDigits)
        writer.element("NamnIngivare", text: question.applicant.name)
        writer.element("KontonamnHandlaggare", text: question.applicant.caseWorker)
        writer.element("Referensnummer", text: question.caseID)
        writer.element("From", text: period.from)
        writer.element("Tom", text: period.to)
        writer.element("Syfte", text: question.purpose)
        writer.element("Paragraf", text: question.legalText)
        // All numbers, then all names.
        for processor in question.orderedProcessors {
            let number = processor.organisationNumber.twelveDigits
            writer.element("OrganisationsnummerPersonuppgiftsbitrade", text: number)
        }
        for processor in question.orderedProcessors {
            writer.element("NamnPersonuppgiftsbitrade", text: processor.name)
        }
        writer.element("IdentificationNumber", text: question.person.digits)
        writer.end()
        return writer.bytes
    }
}
