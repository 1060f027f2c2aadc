import SSBTEK
import Testing

@Suite struct FindingTests {
    private static func finding(_ provider: Provider, _ response: String, form: SectionForm? = nil) throws -> Finding? {
        let outcome = provider.section(response, form: form)
        try #require(outcome.data != nil)
        let answer = AnswerWriter.answer(askedAt: nil, correlationID: nil, echo: nil, sections: [(provider, outcome)])
        guard case .data(let finding) = try AnswerReader(contract: ContractFiles.contract).read(answer)[provider] else {
            return nil
        }
        return finding
    }

    @Test func `Arbetsförmedlingen`() throws {
        #expect(try Self.finding(.af, ProviderResponse.af()) == .hits)
        #expect(try Self.finding(.af, ProviderResponse.af(information: "")) == .noHits)
        #expect(
            try Self.finding(.af, ProviderResponse.af(information: "<Akassetillhorighet> </Akassetillhorighet>"))
                == .noHits)
        #expect(try Self.finding(.af, ProviderResponse.af(status: 3, information: "")) == .refused(code: "3"))
        #expect(try Self.finding(.af, ProviderResponse.af(status: 3)) == .incomplete(hits: true))
        let failed = ProviderResponse.af(information: ProviderResponse.jobSeeker(report: "502"))
        #expect(try Self.finding(.af, failed) == .incomplete(hits: true))
    }

    @Test func `CSN`() throws {
        #expect(try Self.finding(.csn, ProviderResponse.csn()) == .hits)
        #expect(try Self.finding(.csn, ProviderResponse.csn(cases: "")) == .noHits)
        #expect(try Self.finding(.csn, ProviderResponse.csn(code: "-1005", cases: "")) == .refused(code: "-1005"))
    }

    @Test(arguments: [
        (#"{"utlamnare":[{"tillstand":{"kod":"OK"}}],"utbetalningar":[{"belopp":1}]}"#, Finding.hits),
        (#"{"utlamnare":[{"tillstand":{"kod":"OK"}}],"avvikelser":{"beslut":[]},"beslut":[]}"#, .noHits),
        ("{}", .noHits),
        (#"{"utlamnare":[{"tillstand":{"kod":"OK"}},{"tillstand":{"kod":"OTILLGANGLIG"}}]}"#, .incomplete(hits: false)),
        (#"{"utlamnare":[{"tillstand":{"kod":"FELANDE"}}],"beslut":[{"id":"1"}]}"#, .incomplete(hits: true)),
        (#"{"avvikelser":{"beslut":[{"avvikelse":{"kod":"OBEHORIG"}}]}}"#, .incomplete(hits: false)),
        (#"{"utlamnare":[{"tillstand":null}]}"#, .incomplete(hits: false)),
        (#"{"formansinformation":{"sjukpenningarende":[]}}"#, .noHits),
    ])
    func `Försäkringskassan`(json: String, finding: Finding) throws {
        #expect(try Self.finding(.fk, json) == finding)
    }

    @Test func `Skatteverket`() throws {
        #expect(try Self.finding(.skv, ProviderResponse.skv) == .hits)
        #expect(try Self.finding(.skv, "<uppgifter/>", form: .text) == .noHits)
        #expect(try Self.finding(.skv, "<?xml version=\"1.0\" encoding=\"utf-8\"?><u> </u>", form: .text) == .noHits)
        #expect(try Self.finding(.skv, "<u><ar>2024</ar></u>", form: .text) == .hits)
    }

    @Test func `the unemployment funds`() throws {
        let none = ProviderResponse.fund(status: "OK", content: "")
        let paid = ProviderResponse.fund(status: "0", content: ProviderResponse.payment)
        let silent = ProviderResponse.fund(status: "Otillgänglig", content: "")
        #expect(try Self.finding(.so, ProviderResponse.so(funds: "")) == .noHits)
        #expect(try Self.finding(.so, ProviderResponse.so(funds: none)) == .noHits)
        #expect(try Self.finding(.so, ProviderResponse.so(funds: none + paid)) == .hits)
        #expect(try Self.finding(.so, ProviderResponse.so(funds: none + silent)) == .incomplete(hits: false))
        #expect(try Self.finding(.so, ProviderResponse.so(funds: paid + silent)) == .incomplete(hits: true))
    }

    @Test func `Transportstyrelsen`() throws {
        #expect(try Self.finding(.tns, ProviderResponse.tns) == .hits)
        #expect(try Self.finding(.tns, ProviderResponse.tns(result: "OK", content: "<t:fordonsinnehav/>")) == .noHits)
        let error = "<t:felresultat><t:felkod>42</t:felkod><t:feltext>x</t:feltext></t:felresultat>"
        #expect(try Self.finding(.tns, ProviderResponse.tns(result: "FEL", content: error)) == .refused(code: "42"))
        #expect(try Self.finding(.tns, ProviderResponse.tns(result: "FEL", content: "")) == .refused(code: "FEL"))
    }

    @Test func `Migrationsverket`() throws {
        #expect(try Self.finding(.miv, ProviderResponse.miv()) == .hits)
        #expect(try Self.finding(.miv, ProviderResponse.miv(matters: "")) == .noHits)
        #expect(try Self.finding(.miv, ProviderResponse.miv(matters: "", more: "<hemland>SY</hemland>")) == .hits)
        let void = "<svar xmlns:i=\"\(Namespace.schemaInstance)\" i:nil=\"true\"/>"
        #expect(try Self.finding(.miv, ProviderResponse.miv(matters: void)) == .noHits)
    }
}
