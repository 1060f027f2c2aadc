internal import XML

/// Arbetsförmedlingen's answer: `SvarMeddelande` with the question echoed.
enum SimulatedEmploymentService {
    static let namespace = "http://api.arbetsformedlingen.se/arbetssokande/ersattningsstod/v2"

    static func answer(to question: SimulatedQuestion, about person: SimulatedPerson) -> [UInt8] {
        var xml = XMLWriter(capacity: 3_072)
        xml.start("af:SvarMeddelande", ["xmlns:af": self.namespace])
        self.echo(question, into: &xml)
        xml.start("af:Svar")
        xml.element("af:Schemaversion", text: "2.0")
        xml.element("af:Referensnummer", text: question.reference)
        xml.element("af:LagParagraf", text: question.legalText)
        xml.element("af:IdentitetsbeteckningFysiskPerson", text: question.digits)
        if person.has(.jobSeeker) {
            self.jobSeeker(person, question.period, into: &xml)
        }
        xml.element("af:StatusSokandeinformationKod", text: "0")
        xml.element(
            "af:StatusSokandeinformationKodText",
            text: person.has(.jobSeeker) ? "OK" : "Personen är inte inskriven under perioden")
        xml.end()
        xml.end()
        return xml.bytes
    }

    private static func echo(_ question: SimulatedQuestion, into xml: inout XMLWriter) {
        xml.start("af:Fraga")
        xml.element("af:OrganisationsnummerForIngivare", text: question.organisationNumber)
        xml.element("af:NamnPaIngivare", text: question.applicant)
        xml.element("af:KontonamnForHandlaggare", text: question.caseWorker)
        xml.element("af:Referensnummer", text: question.reference)
        xml.element("af:From", text: question.period.first.text)
        xml.element("af:Tom", text: question.period.last.text)
        xml.element("af:SyfteMedFraga", text: question.purpose)
        xml.element("af:LagParagraf", text: question.legalText)
        if let processor = question.processor {
            xml.element("af:OrganisationsnummerForPersonuppgiftsbitrade", text: processor.organisationNumber)
            xml.element("af:NamnPaPersonuppgiftsbitrade", text: processor.name)
        }
        xml.element("af:IdentitetsbeteckningFysiskPerson", text: question.digits)
        xml.end()
    }

    private static func jobSeeker(_ person: SimulatedPerson, _ period: SimulatedPeriod, into xml: inout XMLWriter) {
        var generator = person.generator("AF")
        // Somebody with protected identity is named by nothing but the number.
        if !person.isProtected {
            xml.element("af:Fornamn", text: person.givenName)
            xml.element("af:Efternamn", text: person.familyName)
        }
        xml.element("af:Sekretessmarkering", text: person.isProtected ? "true" : "false")
        xml.start("af:ArbetssokandeInfo")
        xml.element("af:Arbetssokande", text: "true")
        xml.element(
            "af:ArbetssokandeSKAT", text: generator.pick(["11 Öppet arbetslös", "70 Jobb- och utvecklingsgarantin"]))
        xml.element("af:ArbetssokandeRegistrerad", text: period.first.adding(days: -generator.number(20...700)).text)
        xml.element("af:ArbetssokandeOmfattning", text: generator.pick(["100", "100", "75", "50"]))
        xml.start("af:AktivetetsRapportDatum")
        if person.has(.activityReportMissing) {
            xml.element("af:AktivitetsRapportMeddelande", text: "501")
        } else {
            xml.element("af:AktivitetsRapportMeddelande", text: "200")
            let reported = period.last.day(1).adding(days: generator.number(0...13))
            xml.element("af:SenasteAktivitetsRapportDatum", text: period.clamped(reported).text)
        }
        xml.end()
        xml.end()
        if person.has(.activitySupport) {
            xml.start("af:BeslutInfo")
            xml.start("af:EkonomiskaBeslut")
            xml.start("af:Beslut")
            xml.element("af:ErsattningTyp", text: generator.pick(["Aktivitetsstöd", "Utvecklingsersättning"]))
            xml.element("af:Omfattning", text: "100")
            xml.element("af:BeslutFrom", text: period.first.day(1).text)
            xml.element("af:BeslutTom", text: period.last.day(31).text)
            xml.end()
            xml.end()
            xml.end()
        }
        if person.has(.unemploymentBenefit) {
            xml.element("af:Akassetillhorighet", text: SimulatedUnemploymentFunds.funds(of: person)[0])
        }
    }
}
