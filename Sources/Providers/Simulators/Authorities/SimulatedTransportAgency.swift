internal import XML

/// Transportstyrelsen's answer: `HamtaUppgifterResponse`, which can itself say `FEL`.
enum SimulatedTransportAgency {
    static let namespace = "http://schema.transportstyrelsen.se/ssbtek/hamtauppgifterresponder/1"
    static let vehicleNamespace = "http://schema.transportstyrelsen.se/ssbtek/fordon/1"

    static func answer(about person: SimulatedPerson) -> [UInt8] {
        var xml = XMLWriter(capacity: 1_024)
        xml.start(
            "tns:HamtaUppgifterResponse", ["xmlns:tns": self.namespace, "xmlns:frdn": self.vehicleNamespace])
        if person.has(.vehicleFault) {
            xml.element("tns:resultat", text: "FEL")
            xml.start("tns:felresultat")
            xml.element("tns:felkod", text: "1002")
            xml.element("tns:feltext", text: "Uppgifter om fordonsinnehav kan inte lämnas för tillfället")
            xml.end()
        } else {
            xml.element("tns:resultat", text: "OK")
            xml.start("tns:fordonsinnehav")
            if person.has(.vehicles) {
                var generator = person.generator("TNS")
                for _ in 0..<generator.number(1...3) { self.vehicle(&generator, into: &xml) }
            }
            xml.end()
        }
        xml.end()
        return xml.bytes
    }

    private static func vehicle(_ generator: inout SeededGenerator, into xml: inout XMLWriter) {
        // Swedish registration numbers avoid I, O, Q, V and the letters with diacritics.
        let letters = Array("ABCDEFGHJKLMNPRSTUWXYZ")
        let prefix = String((0..<3).map { _ in generator.pick(letters) })
        let car = generator.pick(SwedishNames.cars)
        let kind = generator.chance(0.85) ? "PERSONBIL" : generator.pick(["MOTORCYKEL", "SLÄPVAGN", "LÄTT LASTBIL"])
        xml.start("frdn:fordon")
        xml.element(
            "frdn:regnr",
            text: "\(prefix)\(generator.number(1...9))\(generator.number(0...9))\(generator.number(0...9))")
        xml.element("frdn:fabrikat", text: kind == "SLÄPVAGN" ? "FÖRETAGET ÄLVSBY SLÄP" : car.make)
        xml.element("frdn:fordonsar", text: "\(generator.number(1998...2024))")
        xml.element("frdn:fordonsslag", text: kind)
        xml.element("frdn:handelsbeteckning", text: kind == "SLÄPVAGN" ? "1205" : generator.pick(car.models))
        xml.end()
    }
}
