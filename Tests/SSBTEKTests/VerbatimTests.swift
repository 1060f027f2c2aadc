import SSBTEK
import Testing
import XML

/// What stands inside a section is what the base service wrote, byte by byte.
@Suite struct VerbatimTests {
    /// The content of an answer by Transportstyrelsen with everything that a rewriter would change.
    private static let content =
        "\r\n<!-- <a> & ö --><?pi x > y?><t:resultat >OK</t:resultat\n>\t<t:fordonsinnehav   a:b = '&quot;'>"
        + "<f:fordon><f:regnr>A&amp;B</f:regnr><f:fabrikat><![CDATA[<Volvo> & ]]></f:fabrikat>"
        + "<f:fordonsar>&#x32;001</f:fordonsar>"
        + "<f:fordonsslag/><f:handelsbeteckning></f:handelsbeteckning>\r\n</f:fordon></t:fordonsinnehav> &#13; "

    private static let declarations =
        " xmlns:t=\"\(Namespace.transportstyrelsen)\""
        + " xmlns:f='\(Namespace.transportstyrelsenVehicle)' xmlns:a=\"urn:a&amp;b\""

    private static var accepted: String {
        // The contract has no attributes and no text there.
        self.content.replacing("   a:b = '&quot;'", with: "  ").replacing(" &#13; ", with: "  ")
    }

    @Test func `prefixes declared on the document element`() throws {
        let response = "<t:HamtaUppgifterResponse\(Self.declarations)>\(Self.accepted)</t:HamtaUppgifterResponse>"
        try Self.expect(Self.accepted, in: Provider.tns.section(response))
    }

    @Test func `what the contract forbids is refused and not repaired`() {
        let response = "<t:HamtaUppgifterResponse\(Self.declarations)>\(Self.content)</t:HamtaUppgifterResponse>"
        #expect(Provider.tns.section(response) == .error(.gateway(.answerAgainstContract)))
    }

    @Test func `prefixes declared on the envelope`() throws {
        let response =
            "<e:Envelope xmlns:e=\"\(Namespace.soapEnvelope)\"\(Self.declarations)><e:Header/><e:Body>\n"
            + "<t:HamtaUppgifterResponse>\(Self.accepted)</t:HamtaUppgifterResponse>\n</e:Body></e:Envelope>"
        try Self.expect(Self.accepted, in: Provider.tns.section(SOAPEnvelope.unwrap(Array(response.utf8))))
    }

    @Test func `a default namespace on the document element`() throws {
        let content = Self.accepted.replacing("<t:", with: "<").replacing("</t:", with: "</")
        let declarations = Self.declarations.replacing("xmlns:t=", with: "xmlns=")
        let response = "<HamtaUppgifterResponse\(declarations)>\(content)</HamtaUppgifterResponse>"
        try Self.expect(content, in: Provider.tns.section(response))
    }

    @Test func `a default namespace on the envelope`() throws {
        let response =
            "<Envelope xmlns=\"\(Namespace.soapEnvelope)\"><Body>"
            + "<m:findByPersonnummerResponse xmlns:m=\"\(Namespace.migrationsverket)\" xmlns=\"\">"
            + "<response ><correlationid>&lt;&amp;</correlationid></response>"
            + "</m:findByPersonnummerResponse></Body></Envelope>"
        try Self.expect(
            "<response ><correlationid>&lt;&amp;</correlationid></response>",
            in: Provider.miv.section(SOAPEnvelope.unwrap(Array(response.utf8))), .miv)
    }

    @Test(arguments: ["s", "s1"])
    func `a prefix that the answer uses for itself`(prefix: String) throws {
        let content = Self.accepted.replacing("<t:", with: "<\(prefix):").replacing("</t:", with: "</\(prefix):")
        let declarations = Self.declarations.replacing("xmlns:t=", with: "xmlns:\(prefix)=") + " xmlns:s2=\"urn:x\""
        let response = "<\(prefix):HamtaUppgifterResponse\(declarations)>\(content)</\(prefix):HamtaUppgifterResponse>"
        try Self.expect(content, in: Provider.tns.section(response))
    }

    @Test func `another encoding is converted and nothing else`() throws {
        let text =
            "<?xml version=\"1.0\" encoding=\"ENC\"?><t:HamtaUppgifterResponse\(Self.declarations)>\(Self.accepted)"
            + "</t:HamtaUppgifterResponse>"
        let latin = text.replacing("ENC", with: "ISO-8859-1").unicodeScalars.map { UInt8($0.value) }
        try Self.expect(Self.accepted, in: Provider.tns.section(latin))
        try Self.expect(Self.accepted, in: Provider.tns.section(text.replacing("ENC", with: "UTF-16").utf16BigEndian))
        let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(text.replacing("ENC", with: "utf-8").utf8)
        try Self.expect(Self.accepted, in: Provider.tns.section(marked))
        #expect(Provider.tns.section(text.replacing("ENC", with: "EBCDIC-CP-SE")).data == nil)
    }

    @Test func `namespaces inside mean the same as before`() throws {
        let response = "<t:HamtaUppgifterResponse\(Self.declarations)>\(Self.accepted)</t:HamtaUppgifterResponse>"
        let before = try XMLDocument(parsing: Array(response.utf8)).root
        let answer = try Self.answer(Provider.tns.section(response), .tns)
        let after = try #require(
            XMLDocument(parsing: answer).root.first(named: "svarsdata")?.first(named: "TNS")?.first(named: "data"))
        #expect(after.children == before.children)
    }

    private static func expect(_ content: String, in outcome: SectionOutcome, _ provider: Provider = .tns) throws {
        let answer = try Self.answer(outcome, provider)
        #expect(ContractFiles.accepts(answer))
        #expect(answer.count(of: content) == 1)
        #expect(answer.contains(">\(content)</"))
    }

    private static func answer(_ outcome: SectionOutcome, _ provider: Provider) throws -> [UInt8] {
        try #require(outcome.data != nil)
        return AnswerWriter.answer(
            askedAt: nil, correlationID: nil, echo: nil,
            sections: Provider.allCases.map { ($0, $0 == provider ? outcome : .error(.gateway(.notReachable))) })
    }
}
