internal import XML

/// Reads the data of a section far enough to tell "nothing found" from "something found" and from "did not answer".
enum FindingReader {
    /// The finding in a `data` element that keeps the contract.
    static func read(_ data: XMLElement, from provider: Provider) -> Finding {
        switch provider {
        case .af: self.arbetsformedlingen(data)
        case .csn: CSNFinding.read(Base64.decode(data.textOfChild("svar").utf8) ?? [])
        case .fk: LEFIFinding.read(Base64.decode(data.textOfChild("lefiJsonSvar").utf8) ?? [])
        case .skv: self.skatteverket(data)
        case .so: self.samorganisation(data)
        case .tns: self.transportstyrelsen(data)
        case .miv: self.migrationsverket(data)
        }
    }

    /// A status other than 0 means that the information on the job seeker is not complete; report code 502 that the
    /// activity reports could not be fetched.
    private static func arbetsformedlingen(_ data: XMLElement) -> Finding {
        guard let answer = data.first(named: "Svar") else { return .noHits }
        let hits = ["ArbetssokandeInfo", "BeslutInfo", "Akassetillhorighet"].contains { name in
            answer.first(named: name).map { !$0.children.isEmpty || !$0.collapsedText.isEmpty } ?? false
        }
        let status = answer.first(named: "StatusSokandeinformationKod")?.collapsedText ?? ""
        if Int(status) != 0 { return hits ? .incomplete(hits: true) : .refused(code: status) }
        let report = answer.first(named: "ArbetssokandeInfo")?.first(named: "AktivetetsRapportDatum")?
            .first(named: "AktivitetsRapportMeddelande")?.collapsedText
        return report?.hasPrefix("502") == true ? .incomplete(hits: hits) : hits ? .hits : .noHits
    }

    /// The text is an XML document; one whose document element holds nothing means that nothing is known.
    private static func skatteverket(_ data: XMLElement) -> Finding {
        let text = data.textOfChild("svar")
        if XMLElement.collapse(text).isEmpty { return .noHits }
        guard let root = TaxDocument.root(of: text) else { return .hits }
        return root.children.isEmpty && root.text.utf8.allSatisfy { $0 <= 0x20 } ? .noHits : .hits
    }

    /// Each fund has its own status; one that is neither empty, `0` nor `OK` did not answer.
    private static func samorganisation(_ data: XMLElement) -> Finding {
        let funds = data.first(named: "ArbetsloshetsersattningLista")?.children(named: "Arbetsloshetsersattning") ?? []
        let hits = funds.contains { fund in
            ["Utbetalningar", "Avstangningar", "AnsoktOmErsattning"].contains { fund.first(named: $0) != nil }
        }
        let allAnswered = funds.allSatisfy { fund in
            ["", "0", "OK"].contains(fund.first(named: "StatusSvarandeOrganisation")?.collapsedText.uppercased() ?? "")
        }
        return allAnswered ? (hits ? .hits : .noHits) : .incomplete(hits: hits)
    }

    private static func transportstyrelsen(_ data: XMLElement) -> Finding {
        let hits = data.first(named: "fordonsinnehav")?.first(named: "fordon") != nil
        guard data.first(named: "resultat")?.text == "OK" else {
            return .refused(code: data.first(named: "felresultat")?.first(named: "felkod")?.collapsedText ?? "FEL")
        }
        return hits ? .hits : .noHits
    }

    private static func migrationsverket(_ data: XMLElement) -> Finding {
        guard let response = data.first(named: "response") else { return .noHits }
        let matters = response.first(named: "svarCollection")?.children(named: "svar") ?? []
        let isKnown = ["hemland", "inresedatum"].contains { !XMLElement.collapse(response.textOfChild($0)).isEmpty }
        return isKnown || matters.contains { !$0.children.isEmpty } ? .hits : .noHits
    }
}
