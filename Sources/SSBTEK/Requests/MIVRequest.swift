internal import XML

/// Migrationsverket's `findByPersonnummer`, whose children are in no namespace, and which has no period.
enum MIVRequest {
    static func document(for question: Question) -> [UInt8] {
        var writer = XMLWriter()
        writer.start("m:findByPersonnummer", ["xmlns:m": Namespace.migrationsverket])
        writer.start("query")
        if let correlationID = question.correlationID { writer.element("korrelationsid", text: correlationID) }
        writer.element("personnummer", text: question.person.digits)
        writer.start("ingivare")
        writer.element("handlaggare", text: question.applicant.caseWorker)
        writer.element("namn", text: question.applicant.name)
        writer.element("organisationsnummer", text: question.applicant.organisationNumber.twelveDigits)
        writer.end()
        writer.end()
        writer.end()
        return writer.bytes
    }
}
