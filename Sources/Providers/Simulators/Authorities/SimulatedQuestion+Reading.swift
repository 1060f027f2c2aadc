package import SSBTEK
internal import XML

extension SimulatedQuestion {
    /// Reads what a base service is asked, in the request form of its own contract, with or without a SOAP envelope.
    ///
    /// Nil when it is not well-formed, is no request of that service, or names no person.
    package init?(_ bytes: [UInt8], to provider: Provider) {
        guard let document = try? XMLDocument(parsing: bytes) else { return nil }
        var root = document.root
        if root.name == "Envelope" {
            guard let request = root.first(named: "Body")?.children.first else { return nil }
            root = request
        }
        var values = RequestValues(root)
        // Skatteverket's question is a document inside a text.
        if provider == .skv, let inner = values["forfragan"], inner.utf8.first == UInt8(ascii: "<") {
            guard let document = try? XMLDocument(parsing: Array(inner.utf8)) else { return nil }
            values = RequestValues(document.root)
        }
        guard
            var digits = values[
                "IdentitetsbeteckningFysiskPerson", "IdentificationNumber", "personidentitet", "personnummer"]
        else { return nil }
        if digits.count == 10, let century = values["sekel"] { digits = century + digits }
        guard digits.utf8.count == 12, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }

        var period = SimulatedPeriod.unspecified
        if let from = values["From", "fromDatum"].flatMap(CalendarDay.init),
            let to = values["Tom", "tomDatum"].flatMap(CalendarDay.init)
        {
            period = SimulatedPeriod(first: from, last: to)
        }
        self.init(
            digits: digits, period: period,
            organisationNumber: values[
                "OrganisationsnummerForIngivare", "OrganisationsnummerIngivare", "organisationsnummer"] ?? "",
            applicant: values["NamnPaIngivare", "NamnIngivare", "namn"] ?? "",
            caseWorker: values["KontonamnForHandlaggare", "KontonamnHandlaggare", "handlaggare"] ?? "",
            reference: values["Referensnummer", "arendeidentitet"] ?? "",
            purpose: values["SyfteMedFraga", "Syfte"] ?? "",
            legalText: values["LagParagraf", "Paragraf", "lagtext"] ?? "",
            correlationID: values["korrelationsid"])
        if let number = values[
            "OrganisationsnummerForPersonuppgiftsbitrade", "OrganisationsnummerPersonuppgiftsbitrade"],
            let name = values["NamnPaPersonuppgiftsbitrade", "NamnPersonuppgiftsbitrade"]
        {
            self.processor = (number, name)
        }
    }
}

/// The first text of each element name in a request, without regard to nesting and case.
private struct RequestValues {
    private var texts: [String: String] = [:]

    init(_ root: XMLElement) {
        self.collect(root)
    }

    subscript(_ names: String...) -> String? {
        for name in names {
            if let text = self.texts[name.lowercased()] { return text }
        }
        return nil
    }

    private mutating func collect(_ element: XMLElement) {
        let name = element.name.lowercased()
        if element.children.isEmpty, self.texts[name] == nil { self.texts[name] = element.text }
        for child in element.children { self.collect(child) }
    }
}
