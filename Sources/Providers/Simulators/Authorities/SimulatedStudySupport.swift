internal import XML

/// CSN's answer: a document of its own (`CSNSvar`, version 4.0) that travels as base64 in the section.
///
/// The person stands there as century and ten digits (wire page 5.4). A samordningsnummer cannot be written in CSN's
/// form, so such a person is simply missing from `Personer`.
enum SimulatedStudySupport {
    static let namespace = "http://schema.csn.se/v4.0/kommunfraga"

    /// One of the five kinds of support, and how CSN names it.
    private struct Kind {
        let trait: SimulatedPersonTraits
        let element: String
        let prefix: String
        let code: String
        let title: String
        let amountCode: String
        let amountTitle: String
        let amount: ClosedRange<Int>
    }

    private static let kinds = [
        Kind(
            trait: .studyGrant, element: "Studiemedel", prefix: "csnsm", code: "GRUND",
            title: "Studiemedel för studier i Sverige", amountCode: "GRUNDB", amountTitle: "Bidrag",
            amount: 3_200...4_100),
        Kind(
            trait: .upperSecondaryGrant, element: "Studiehjalp", prefix: "csnsh", code: "SB", title: "Studiebidrag",
            amountCode: "STUDB", amountTitle: "Studiebidrag", amount: 1_250...1_250),
        Kind(
            trait: .homeEquipmentLoan, element: "HemutrustningsLan", prefix: "csnhut", code: "HUT",
            title: "Hemutrustningslån", amountCode: "HUT", amountTitle: "Hemutrustningslån", amount: 5_000...10_000),
        Kind(
            trait: .studyStartGrant, element: "Studiestartsstod", prefix: "csnsss", code: "SSSTÖD",
            title: "Studiestartsstöd", amountCode: "STÖDB", amountTitle: "Studiestartsstöd bidrag",
            amount: 9_000...10_900),
        Kind(
            trait: .transitionStudyGrant, element: "Omstallningsstudiestod", prefix: "csnoss", code: "OSS",
            title: "Omställningsstudiestöd", amountCode: "OSSBID", amountTitle: "Omställningsstudiestöd bidrag",
            amount: 11_000...22_000),
    ]

    static func answer(to question: SimulatedQuestion, about person: SimulatedPerson) -> [UInt8] {
        var xml = XMLWriter(capacity: 8_192)
        xml.declaration()
        xml.start(
            "csn:CSNSvar",
            [
                "xmlns:csn": self.namespace, "xmlns:csnpers": "http://schema.csn.se/v4.0/person",
                "xmlns:csngem": "http://schema.csn.se/v4.0/csntyper", "schemaVersion": "4.0",
            ])
        xml.start("csn:GemensamtSvarEkbistand")
        xml.start("csn:Resultat")
        xml.element("csn:ResultatKod", text: "0")
        xml.element("csn:ResultatText", text: "OK")
        xml.end()
        xml.end()
        xml.start("csn:GemensamtFragaEkbistand")
        xml.element("csn:arendeidentitet", text: question.reference)
        xml.element("csn:fromDatum", text: question.period.first.text)
        xml.element("csn:tomDatum", text: question.period.last.text)
        xml.end()
        xml.start("csn:Personer")
        if !person.hasCoordinationNumber { self.person(person, question.period, into: &xml) }
        xml.end()
        xml.end()
        return xml.bytes
    }

    private static func person(_ person: SimulatedPerson, _ period: SimulatedPeriod, into xml: inout XMLWriter) {
        // Nothing to say is ten spaces in CSN's schema.
        let status = self.kinds.contains { person.has($0.trait) } ? String(repeating: " ", count: 10) : "Ej träff"
        xml.start(
            "csn:Person",
            [
                "personnummer": String(person.digits.dropFirst(2)), "Status": status,
                "sekretess": person.isProtected ? "S" : " ", "sekel": String(person.digits.prefix(2)),
            ])
        xml.start("csnpers:Studiestodstypforteckning")
        for kind in self.kinds {
            xml.element("csngem:\(kind.element.lowercased())", text: person.has(kind.trait) ? "J" : "N")
        }
        xml.end()
        var generator = person.generator("CSN")
        for kind in self.kinds {
            xml.start("csnpers:\(kind.element)")
            if person.has(kind.trait) {
                xml.start("csnpers:Arenden")
                self.matter(kind, period, &generator, into: &xml)
                xml.end()
            }
            xml.end()
        }
        xml.end()
    }

    private static func matter(
        _ kind: Kind, _ period: SimulatedPeriod, _ generator: inout SeededGenerator, into xml: inout XMLWriter
    ) {
        let loan = kind.trait == .homeEquipmentLoan
        let amount = generator.number(kind.amount)
        let from = period.first.adding(months: -generator.number(0...2)).day(generator.number(10...20))
        let to = max(period.last, from.adding(months: 3)).day(28)
        let pace = generator.pick(["100", "100", "75", "50"])
        xml.start(
            "csnpers:Arende",
            [
                "lopnummer": "\(generator.number(1...99))",
                "xmlns:\(kind.prefix)": "http://schema.csn.se/v4.0/\(kind.element.lowercased())",
            ])
        xml.element("\(kind.prefix):stodform", text: kind.code)
        xml.element("\(kind.prefix):klartext", text: kind.title)
        xml.element("\(kind.prefix):status", text: loan ? "BESLUTAT" : "BESLUTAD")
        if !loan {
            xml.start("\(kind.prefix):soktaTider")
            xml.start("\(kind.prefix):soktTid")
            xml.element("csngem:soktfrom", text: from.compactText)
            xml.element("csngem:sokttom", text: to.compactText)
            xml.element("csngem:soktomfattning", text: pace)
            xml.element("csngem:soktlan", text: kind.trait == .studyGrant && generator.chance(0.6) ? "J" : " ")
            xml.end()
            xml.end()
            xml.start("\(kind.prefix):BeviljadeTider")
            xml.start("\(kind.prefix):BeviljadTid")
            xml.element("csngem:starttid", text: from.weekText)
            xml.element("csngem:sluttid", text: to.weekText)
            xml.element("csngem:takt", text: pace)
            self.amounts(kind, amount, into: &xml)
            xml.end()
            xml.end()
        }
        xml.start("\(kind.prefix):UtbetalningsPlan")
        let months = loan ? Array(period.months.prefix(1)) : period.months
        for month in months {
            let paid = month.day(25).bankingDay
            xml.start("\(kind.prefix):Utbetalning")
            xml.element("csngem:utbetdatum", text: paid.compactText)
            xml.element("csngem:utbetstatus", text: paid < period.last ? "Utbetald" : "Planerad")
            xml.start("csngem:Utbetaldatider")
            xml.start("csngem:Utbetaldtid")
            xml.element("csngem:startvecka", text: month.weekText)
            xml.element("csngem:slutvecka", text: month.day(28).weekText)
            self.amounts(kind, amount, into: &xml)
            xml.end()
            xml.end()
            xml.element("csngem:totbelopp", text: "\(amount)")
            xml.end()
        }
        xml.end()
        xml.end()
    }

    private static func amounts(_ kind: Kind, _ amount: Int, into xml: inout XMLWriter) {
        xml.start("csngem:Beloppen")
        xml.start("csngem:Belopp")
        xml.element("csngem:beloppstyp", text: kind.amountCode)
        xml.element("csngem:klartext", text: kind.amountTitle)
        xml.element("csngem:belopp", text: "\(amount)")
        xml.element("csngem:totbelopp", text: "\(amount)")
        xml.end()
        xml.end()
        xml.element("csngem:totbelopp", text: "\(amount)")
    }
}
