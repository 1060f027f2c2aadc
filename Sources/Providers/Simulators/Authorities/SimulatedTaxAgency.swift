internal import XML

/// Skatteverket's answer: `BeskattningsuppgifterResponse` around a document with the tax data of SFS 2008:975.
///
/// The inner document's schema is not published with the contract; this form is our own and only plausible.
enum SimulatedTaxAgency {
    static let documentNamespace = "urn:shs-gateway:simulator:beskattningsuppgifter:1"

    static func answer(to question: SimulatedQuestion, about person: SimulatedPerson) -> [UInt8] {
        var xml = XMLWriter(capacity: 4_096)
        xml.start("skv:BeskattningsuppgifterResponse", ["xmlns:skv": SimulatedFault.taxNamespace])
        xml.element("svar", text: String(decoding: self.document(for: question, about: person), as: UTF8.self))
        xml.end()
        return xml.bytes
    }

    /// The document itself; one without content when nothing is known.
    static func document(for question: SimulatedQuestion, about person: SimulatedPerson) -> [UInt8] {
        var generator = person.generator("SKV")
        var xml = XMLWriter(capacity: 2_048)
        xml.declaration()
        guard person.has(.income) else {
            xml.empty("Beskattningsuppgifter", ["xmlns": self.documentNamespace])
            return xml.bytes
        }
        xml.start("Beskattningsuppgifter", ["xmlns": self.documentNamespace])
        xml.start("Person")
        xml.element("Identitetsbeteckning", text: question.digits)
        if !person.isProtected { xml.element("Namn", text: "\(person.familyName), \(person.givenName)") }
        // The latest year that has been assessed when the question's period begins, and the one before.
        let latest = question.period.first.parts.year - 2
        for year in [latest - 1, latest] {
            self.assessment(of: year, person, &generator, into: &xml)
        }
        if person.has(.taxDebt) {
            xml.start("Skattekonto")
            xml.element("Saldo", text: "-\(generator.number(500...48_000))")
            xml.element("OverlamnatTillKronofogden", text: generator.chance(0.4) ? "true" : "false")
            xml.end()
        }
        xml.end()
        xml.end()
        return xml.bytes
    }

    private static func assessment(
        of year: Int, _ person: SimulatedPerson, _ generator: inout SeededGenerator, into xml: inout XMLWriter
    ) {
        let earned = person.yearlyIncome + generator.number(-20...20) * 500
        let basic = max(0, earned * 15 / 100)
        xml.start("Beslut", ["inkomstar": "\(year)"])
        xml.element(
            "BeslutDatum", text: CalendarDay(year: year + 1, month: generator.number(4...9), day: 12).bankingDay.text)
        xml.element("FaststalldForvarvsinkomst", text: "\(earned)")
        xml.element("BeskattningsbarForvarvsinkomst", text: "\(earned - basic)")
        if generator.chance(0.3) { xml.element("OverskottAvKapital", text: "\(generator.number(100...30_000))") }
        if generator.chance(0.4) { xml.element("UnderskottAvKapital", text: "\(generator.number(100...40_000))") }
        if generator.chance(0.1) {
            xml.element("InkomstAvNaringsverksamhet", text: "\(generator.number(1_000...90_000))")
        }
        xml.element("SlutligSkatt", text: "\((earned - basic) * 32 / 100)")
        xml.element("Kommun", text: person.town.county + person.town.municipality)
        xml.end()
    }
}
