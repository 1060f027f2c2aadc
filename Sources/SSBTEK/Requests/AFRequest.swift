internal import XML

/// Arbetsförmedlingen's `FragaMeddelande`.
enum AFRequest {
    static func document(for question: Question) -> [UInt8] {
        let period = question.period(for: .af)
        var writer = XMLWriter()
        writer.start("FragaMeddelande", ["xmlns": Namespace.arbetsformedlingen])
        writer.empty("Inkludera", ["ArbetssokandeInfo": "true", "AkasseInfo": "true", "BeslutInfo": "true"])
        writer.start("Fraga")
        writer.element("OrganisationsnummerForIngivare", text: question.applicant.organisationNumber.twelveDigits)
        writer.element("NamnPaIngivare", text: question.applicant.name)
        writer.element("KontonamnForHandlaggare", text: question.applicant.caseWorker)
        writer.element("Referensnummer", text: question.caseID)
        writer.element("From", text: period.from)
        writer.element("Tom", text: period.to)
        writer.element("SyfteMedFraga", text: question.purpose)
        writer.element("LagParagraf", text: question.legalText)
        // There is room for one.
        if let processor = question.orderedProcessors.first {
            let number = processor.organisationNumber.twelveDigits
            writer.element("OrganisationsnummerForPersonuppgiftsbitrade", text: number)
            writer.element("NamnPaPersonuppgiftsbitrade", text: processor.name)
        }
        writer.element("IdentitetsbeteckningFysiskPerson", text: question.person.digits)
        writer.end()
        writer.end()
        return writer.bytes
    }
}

extension Question {
    /// The processors by their number, those without one last, else as they stood.
    var orderedProcessors: [Processor] {
        self.processors.enumerated().sorted { left, right in
            (left.element.order ?? .max, left.offset) < (right.element.order ?? .max, right.offset)
        }.map(\.element)
    }
}
