import SSBTEK
import Testing
import XML

@Suite struct ProviderRequestTests {
    private static let settings = LEFISettings(actorID: "aktör 1")

    /// A question with everything that could break a document.
    private static func question() throws -> Question {
        var document = QuestionDocument()
        document.processors = [("2", "165565317129", "Andra"), ("1", "165560360793", "Första &amp; bäst")].map {
            "<s:personuppgiftsbitrade><s:ordningsnummer>\($0.0)</s:ordningsnummer><s:organisationsnummer>\($0.1)"
                + "</s:organisationsnummer><s:namn>\($0.2)</s:namn></s:personuppgiftsbitrade>"
        }.joined()
        for provider in [Provider.af, .csn, .so, .tns] {
            document.periods[provider] = QuestionDocument.period.replacing(
                "2025-01-01", with: "2024-11-0\(provider.rawValue.count)")
        }
        return try document.read()
    }

    private static func root(_ provider: Provider, _ question: Question) throws -> XMLElement {
        let request = ProviderRequest.make(for: provider, question, lefi: self.settings)
        #expect(request.path == nil)
        #expect(request.mediaType == .xml)
        return try XMLDocument(parsing: request.body).root
    }

    @Test(arguments: [Provider.af, .skv, .so, .tns, .miv])
    func `a request follows the base service's contract`(provider: Provider) throws {
        let request = ProviderRequest.make(for: provider, try Self.question(), lefi: Self.settings)
        #expect(ContractFiles.accepts(request.body))
        let wrapped = SOAPEnvelope.wrap(request.body)
        #expect(ContractFiles.accepts(try SOAPEnvelope.unwrap(wrapped)))
        let least = ProviderRequest.make(
            for: provider, try QuestionDocument(correlationID: "").read(), lefi: Self.settings)
        #expect(ContractFiles.accepts(least.body))
    }

    @Test func `Arbetsförmedlingen is asked with its own period and the first processor`() throws {
        let root = try Self.root(.af, Self.question())
        let fraga = try #require(root.first(named: "Fraga"))
        #expect(fraga.first(named: "From")?.text == "2024-11-02")
        #expect(fraga.first(named: "Tom")?.text == "2025-01-31")
        #expect(fraga.first(named: "NamnPaPersonuppgiftsbitrade")?.text == "Första & bäst")
        #expect(fraga.first(named: "OrganisationsnummerForPersonuppgiftsbitrade")?.text == "165560360793")
        #expect(fraga.first(named: "KontonamnForHandlaggare")?.text == "Åsa <Öst>")
        #expect(fraga.first(named: "IdentitetsbeteckningFysiskPerson")?.text == QuestionDocument.person)
        #expect(fraga.first(named: "Referensnummer")?.text == "A-17")
    }

    @Test func `the unemployment funds are asked with all processors`() throws {
        let root = try Self.root(.so, Self.question())
        #expect(root.first(named: "From")?.text == "2024-11-02")
        #expect(root.children(named: "NamnPersonuppgiftsbitrade").map(\.text) == ["Första & bäst", "Andra"])
        #expect(
            root.children(named: "OrganisationsnummerPersonuppgiftsbitrade").map(\.text) == [
                "165560360793", "165565317129",
            ])
    }

    @Test func `Transportstyrelsen is asked with century and ten digits apart`() throws {
        let identification = try #require(try Self.root(.tns, Self.question()).first(named: "identifikation"))
        #expect(identification.children.map(\.text) == ["19", "9908072391"])
        #expect(identification.children.allSatisfy { $0.namespace == Namespace.transportstyrelsenPerson })
    }

    @Test func `Migrationsverket is asked without namespaces`() throws {
        let query = try #require(try Self.root(.miv, Self.question()).first(named: "query", namespace: nil))
        #expect(query.children.map(\.name) == ["korrelationsid", "personnummer", "ingivare"])
        #expect(query.children.allSatisfy { $0.namespace == nil })
        #expect(query.first(named: "korrelationsid")?.text == "korr & 1")
    }

    @Test func `Skatteverket is asked with a document as text and the general period`() throws {
        let text = try #require(try Self.root(.skv, Self.question()).first(named: "forfragan", namespace: nil)?.text)
        let inner = try XMLDocument(parsing: Array(text.utf8)).root
        #expect(inner.name == "beskattningsfraga")
        #expect(inner.first(named: "personidentitet")?.text == QuestionDocument.person)
        #expect(inner.first(named: "fromDatum")?.text == "2025-01-01")
    }

    @Test func `CSN is asked with a document of our own and its own period`() throws {
        let root = try Self.root(.csn, Self.question())
        #expect(root.name == "studiestodsfraga")
        #expect(root.namespace == Namespace.gatewayQuestion)
        #expect(root.first(named: "fromDatum")?.text == "2024-11-03")
        #expect(root.first(named: "ingivare")?.first(named: "handlaggare")?.text == "Åsa <Öst>")
    }

    @Test func `Försäkringskassan gets the asker's own words`() throws {
        var document = QuestionDocument()
        let json = " {\"personnummer\":\"9908072391\"}\r\n"
        document.lefi = QuestionDocument.lefi(json: json, actor: "ä?#%2e", version: "v10")
        let request = ProviderRequest.make(for: .fk, try document.read(), lefi: Self.settings)
        #expect(request.body.text == json)
        #expect(request.mediaType == .json)
        #expect(
            request.path == "/lefi-extern-formansinformation/v10/aktorer/%C3%A4%3F%23%252e/formansinformation/fraga")
    }

    @Test func `Försäkringskassan gets a default question where the asker leaves it to us`() throws {
        let groups = try #require(LEFIGroups(["ansprak": ["PM:AP"], "ovrigInformation": ["FK:SGI", "PM:PU"]]))
        let settings = LEFISettings(actorID: "a-1", groups: groups)
        let request = ProviderRequest.make(for: .fk, try Self.question(), lefi: settings)
        #expect(
            request.body.text
                == #"{"personnummer":"199908072391","period":{"from":"2025-01-01","tom":"2025-01-31"},"#
                + #""ansprak":["PM:AP"],"ovrigInformation":["FK:SGI","PM:PU"]}"#)
        #expect(request.path == "/lefi-extern-formansinformation/v9/aktorer/a-1/formansinformation/fraga")
        // What we would send, we would take from an asker.
        var document = QuestionDocument()
        document.lefi = QuestionDocument.lefi(json: request.body.text)
        #expect(document.fault() == nil)
    }

    @Test func `groups that LEFI does not have are no groups`() {
        #expect(LEFIGroups([:]) == nil)
        #expect(LEFIGroups(["ansprak": []]) == nil)
        #expect(LEFIGroups(["ansprak": ["FK:SJP"]]) == nil)
        #expect(LEFIGroups(["annat": ["FK:SJP"]]) == nil)
        #expect(LEFIGroups(["formansinformation": ["FK:SJP"]]) != nil)
        #expect(LEFIGroups(Dictionary(uniqueKeysWithValues: LEFIGroups.known.map { ($0.name, $0.codes) })) == .all)
    }
}
