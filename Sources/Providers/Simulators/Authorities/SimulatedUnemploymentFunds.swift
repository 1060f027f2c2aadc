internal import XML

/// The answer of the unemployment funds' joint organisation: `GetUnemploymentBenefitPaymentResponse`.
///
/// One entry per fund that had something to say. A fund that did not answer stands there with a status of its own, so
/// the answer can be partial inside (wire page 5.4).
enum SimulatedUnemploymentFunds {
    static let namespace = "http://INT014.UBPService.Schemas"

    static func answer(to question: SimulatedQuestion, about person: SimulatedPerson) -> [UInt8] {
        var xml = XMLWriter(capacity: 3_072)
        xml.start("ns0:GetUnemploymentBenefitPaymentResponse", ["xmlns:ns0": self.namespace])
        xml.element("ns0:OrganisationsnummerIngivare", text: question.organisationNumber)
        xml.element("ns0:NamnIngivare", text: question.applicant)
        xml.element("ns0:KontonamnHandlaggare", text: question.caseWorker)
        xml.element("ns0:Referensnummer", text: question.reference)
        xml.element("ns0:From", text: question.period.first.text)
        xml.element("ns0:Tom", text: question.period.last.text)
        xml.element("ns0:Syfte", text: question.purpose)
        xml.element("ns0:Paragraf", text: question.legalText)
        if let processor = question.processor {
            xml.element("ns0:OrganisationsnummerPersonuppgiftsbitrade", text: processor.organisationNumber)
            xml.element("ns0:NamnPersonuppgiftsbitrade", text: processor.name)
        }
        xml.element("ns0:IdentificationNumber", text: question.digits)
        xml.start("ns0:ArbetsloshetsersattningLista")
        if person.has(.unemploymentBenefit) {
            var generator = person.generator("SO")
            for (index, fund) in self.funds(of: person).enumerated() {
                let silent = person.has(.silentFund) && index == self.funds(of: person).count - 1
                self.fund(fund, silent: silent, isFirst: index == 0, person, question.period, &generator, into: &xml)
            }
        }
        xml.end()
        xml.end()
        return xml.bytes
    }

    /// The funds that know the person, the one that pays first.
    static func funds(of person: SimulatedPerson) -> [String] {
        var generator = person.generator("funds")
        let count = (person.has(.severalFunds) ? 2 : 1) + (person.has(.silentFund) ? 1 : 0)
        let start = generator.number(0...SwedishNames.unemploymentFunds.count - 1)
        return (0..<count).map {
            SwedishNames.unemploymentFunds[(start + $0 * 3) % SwedishNames.unemploymentFunds.count]
        }
    }

    private static func fund(
        _ name: String, silent: Bool, isFirst: Bool, _ person: SimulatedPerson, _ period: SimulatedPeriod,
        _ generator: inout SeededGenerator, into xml: inout XMLWriter
    ) {
        xml.start("ns0:Arbetsloshetsersattning")
        xml.element("ns0:SvarandeOrganisation", text: name)
        xml.element("ns0:StatusSvarandeOrganisation", text: silent ? "Ej svar" : "OK")
        if !silent {
            if isFirst {
                let daily = generator.number(365...1_000)
                for month in period.months {
                    self.payment(for: month, daily: daily, &generator, into: &xml)
                }
                if person.has(.suspended) {
                    let from = period.clamped(period.first.adding(days: generator.number(0...20)))
                    xml.start("ns0:Avstangningar")
                    xml.element("ns0:AvstangdFrom", text: from.text)
                    xml.element("ns0:AvstangdTom", text: period.clamped(from.adding(days: 13)).text)
                    xml.end()
                }
            }
            xml.start("ns0:AnsoktOmErsattning")
            if generator.chance(0.8) {
                xml.element(
                    "ns0:BeslutOmRattTillErsattning", text: period.first.adding(days: -generator.number(5...90)).text)
            } else {
                xml.empty(
                    "ns0:BeslutOmRattTillErsattning",
                    ["xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xsi:nil": "true"])
            }
            xml.element("ns0:AnsokanOmUtbetalningInlamnad", text: isFirst ? "true" : "false")
            xml.end()
        }
        xml.end()
    }

    private static func payment(
        for month: CalendarDay, daily: Int, _ generator: inout SeededGenerator, into xml: inout XMLWriter
    ) {
        let halves = generator.number(20...44)
        let gross = daily * halves / 2
        let net = gross * 72 / 100
        xml.start("ns0:Utbetalningar")
        xml.element("ns0:Utbetalningsdatum", text: month.day(25).bankingDay.text)
        xml.element("ns0:NettoEfterSkatt", text: "\(net).00")
        xml.element("ns0:NettoEfterAvdrag", text: "\(net - (generator.chance(0.2) ? 500 : 0)).00")
        xml.element("ns0:Ersattningsdagar", text: "\(halves / 2).\(halves % 2 * 5)")
        xml.element("ns0:AvserFrom", text: month.day(1).text)
        xml.element("ns0:AvserTom", text: month.day(31).text)
        xml.end()
    }
}
