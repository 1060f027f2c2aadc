internal import XML

/// Migrationsverket's answer: `findByPersonnummerResponse`, whose children are in no namespace.
enum SimulatedMigrationAgency {
    static let namespace = "http://schema.migrationsverket.se/ssbtek/1/"

    static func answer(to question: SimulatedQuestion, about person: SimulatedPerson) -> [UInt8] {
        var xml = XMLWriter(capacity: 2_048)
        var generator = person.generator("MIV")
        xml.start("miv:findByPersonnummerResponse", ["xmlns:miv": self.namespace])
        xml.start("response")
        if let correlationID = question.correlationID { xml.element("korrelationsid", text: correlationID) }
        xml.element("correlationid", text: "miv-\(String(generator.next(), radix: 16))")
        if person.has(.permits) {
            xml.element("efternamn", text: person.familyName)
            xml.element("fornamn", text: person.givenName)
            xml.element("hemland", text: person.citizenship?.name ?? "OKÄNT")
            let entry = CalendarDay(
                year: generator.number(2014...2022), month: generator.number(1...12), day: generator.number(1...28))
            xml.element("inresedatum", text: entry.text)
            xml.element("personnummer", text: question.digits)
            xml.start("svarCollection")
            var applied = entry.adding(days: generator.number(1...20))
            for index in 0..<generator.number(1...3) {
                applied = self.decision(index, applied: applied, &generator, into: &xml)
            }
            xml.end()
        } else {
            xml.empty("svarCollection")
        }
        xml.end()
        xml.end()
        return xml.bytes
    }

    /// One decision; returns the day on which the next application comes.
    private static func decision(
        _ index: Int, applied: CalendarDay, _ generator: inout SeededGenerator, into xml: inout XMLWriter
    ) -> CalendarDay {
        let decided = applied.adding(days: generator.number(60...420))
        let permanent = index > 0 && generator.chance(0.5)
        let valid = decided.adding(months: generator.pick([13, 24, 36]))
        let reason = generator.pick([
            ("FLY", "Skyddsbehov"), ("ANK", "Anknytning"), ("ARB", "Arbete"), ("MASS", "Massflyktsdirektivet"),
        ])
        xml.start("svar")
        xml.element("anledning", text: reason.0)
        xml.element("anledningNamn", text: reason.1)
        xml.element("ansokningsdatum", text: applied.text)
        xml.element("arendeTyp", text: index == 0 ? "UT" : "UTF")
        xml.element(
            "arendeTypNamn", text: index == 0 ? "Uppehållstillstånd, första gången" : "Uppehållstillstånd, förlängning")
        xml.element("beslutsKod", text: permanent ? "PUT" : "TUT")
        xml.element(
            "beslutsKodNamn", text: permanent ? "Permanent uppehållstillstånd" : "Tidsbegränsat uppehållstillstånd")
        xml.element("beslutsTyp", text: "BIF")
        xml.element("beslutsTypNamn", text: "Bifall")
        xml.element("beslutsdatum", text: decided.text)
        xml.element("fromDatum", text: decided.text)
        xml.element("giltighetstid", text: permanent ? "PERMANENT" : "TIDBEGRANSAT")
        if !permanent { xml.element("tomDatum", text: valid.text) }
        xml.end()
        return valid.adding(days: -generator.number(10...60))
    }
}
