import SSBTEK

/// What each base service answers, in its own form, for a person about whom it knows something.
enum ProviderResponse {
    static func bytes(of provider: Provider) -> [UInt8] { Array(self.text(of: provider).utf8) }

    static func text(of provider: Provider) -> String {
        switch provider {
        case .af: self.af()
        case .csn: self.csn()
        case .fk: self.fk
        case .skv: self.skv
        case .so: self.so()
        case .tns: self.tns
        case .miv: self.miv()
        }
    }

    static func af(status: Int = 0, information: String = Self.jobSeeker) -> String {
        """
        <SvarMeddelande xmlns="\(Namespace.arbetsformedlingen)"><Fraga>
        <OrganisationsnummerForIngivare>162120002411</OrganisationsnummerForIngivare>
        <NamnPaIngivare>Testköping</NamnPaIngivare>
        <KontonamnForHandlaggare>h</KontonamnForHandlaggare><Referensnummer>A-17</Referensnummer><From>2025-01-01</From>
        <Tom>2025-01-31</Tom><SyfteMedFraga>s</SyfteMedFraga><LagParagraf>l</LagParagraf>
        <IdentitetsbeteckningFysiskPerson>199908072391</IdentitetsbeteckningFysiskPerson></Fraga>
        <Svar><Schemaversion>2</Schemaversion><Referensnummer>A-17</Referensnummer><LagParagraf>l</LagParagraf>
        <IdentitetsbeteckningFysiskPerson>199908072391</IdentitetsbeteckningFysiskPerson>
        <Sekretessmarkering>true</Sekretessmarkering>\(information)
        <StatusSokandeinformationKod>\(status)</StatusSokandeinformationKod>
        <StatusSokandeinformationKodText>t</StatusSokandeinformationKodText></Svar></SvarMeddelande>
        """
    }

    static let jobSeeker = Self.jobSeeker(report: "200")

    static func jobSeeker(report: String) -> String {
        "<ArbetssokandeInfo><AktivetetsRapportDatum>"
            + "<AktivitetsRapportMeddelande>\(report)</AktivitetsRapportMeddelande>"
            + "</AktivetetsRapportDatum></ArbetssokandeInfo>"
    }

    static func csn(code: String = "0", cases: String = "<Arende/>") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <CSNSvar xmlns="http://schema.csn.se/v4.0/kommunfraga" schemaVersion="4.0">
        <GemensamtSvarEkbistand><Resultat><ResultatKod>\(code)</ResultatKod><ResultatText/></Resultat>
        </GemensamtSvarEkbistand>
        <Personer><Person personnummer="9908072391" sekel="19"><Studiemedel>
        <Arenden>\(cases)</Arenden></Studiemedel></Person>
        </Personer></CSNSvar>
        """
    }

    static let fk = #"{"utlamnare":[{"utlamnare":{"kod":"FK"},"tillstand":{"kod":"OK"}}],"beslut":[{"id":"1"}]}"#

    static let skv =
        "<k:BeskattningsuppgifterResponse xmlns:k=\"\(Namespace.skatteverket)\">"
        + "<svar>&lt;uppgifter&gt;&lt;ar&gt;2024&lt;/ar&gt;&lt;/uppgifter&gt;</svar></k:BeskattningsuppgifterResponse>"

    static func so(funds: String = Self.fund(status: "OK", content: Self.payment)) -> String {
        """
        <GetUnemploymentBenefitPaymentResponse xmlns="\(Namespace.samorganisation)"><OrganisationsnummerIngivare/>
        <NamnIngivare/><KontonamnHandlaggare/><Referensnummer/><From>2025-01-01</From><Tom>2025-01-31</Tom>
        <Syfte/><Paragraf/>
        <IdentificationNumber>199908072391</IdentificationNumber>
        <ArbetsloshetsersattningLista>\(funds)</ArbetsloshetsersattningLista></GetUnemploymentBenefitPaymentResponse>
        """
    }

    static func fund(status: String, content: String) -> String {
        "<Arbetsloshetsersattning><SvarandeOrganisation>Kassan</SvarandeOrganisation>"
            + "<StatusSvarandeOrganisation>\(status)</StatusSvarandeOrganisation>\(content)</Arbetsloshetsersattning>"
    }

    static let payment = """
        <Utbetalningar><Utbetalningsdatum>2025-01-20</Utbetalningsdatum><NettoEfterSkatt>1.5</NettoEfterSkatt>
        <NettoEfterAvdrag>1</NettoEfterAvdrag><Ersattningsdagar>20</Ersattningsdagar><AvserFrom>2025-01-01</AvserFrom>
        <AvserTom>2025-01-31</AvserTom></Utbetalningar>
        """

    static let vehicle =
        "<f:fordon><f:regnr>ABC123</f:regnr><f:fabrikat>V</f:fabrikat><f:fordonsar>2001</f:fordonsar>"
        + "<f:fordonsslag>PB</f:fordonsslag><f:handelsbeteckning>h</f:handelsbeteckning></f:fordon>"

    static let tns = Self.tns(result: "OK", content: "<t:fordonsinnehav>\(Self.vehicle)</t:fordonsinnehav>")

    static func tns(result: String, content: String) -> String {
        "<t:HamtaUppgifterResponse xmlns:t=\"\(Namespace.transportstyrelsen)\""
            + " xmlns:f=\"\(Namespace.transportstyrelsenVehicle)\"><t:resultat>\(result)</t:resultat>\(content)"
            + "</t:HamtaUppgifterResponse>"
    }

    static func miv(
        matters: String = "<svar><giltighetstid>PERMANENT</giltighetstid></svar>", more: String = ""
    ) -> String {
        "<m:findByPersonnummerResponse xmlns:m=\"\(Namespace.migrationsverket)\">"
            + "<response><correlationid>c</correlationid>"
            + "\(more)<svarCollection>\(matters)</svarCollection></response></m:findByPersonnummerResponse>"
    }
}

extension Provider {
    /// The section that the usual form makes of a response to ``QuestionDocument``.
    func section(_ response: [UInt8], form: SectionForm? = nil) -> SectionOutcome {
        self.section(response, form: form, to: QuestionDocument.question).outcome
    }

    func section(_ response: String, form: SectionForm? = nil) -> SectionOutcome {
        self.section(Array(response.utf8), form: form)
    }

    func section(_ response: [UInt8], form: SectionForm? = nil, to question: Question) -> Section {
        SectionBuilder(contract: ContractFiles.contract)
            .section(for: self, from: response, form: form ?? self.sectionForms[0], to: question)
    }
}

extension SectionOutcome {
    /// The bytes of data, nil for an error.
    var data: [UInt8]? {
        if case .data(let bytes) = self { return bytes }
        return nil
    }
}
