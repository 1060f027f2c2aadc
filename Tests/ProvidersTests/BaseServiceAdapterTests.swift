import Providers
import SSBTEK
import Testing

@Suite struct BaseServiceAdapterTests {
    @Test func `a SOAP request has an envelope and a quoted action`() throws {
        var configuration = ProviderConfiguration(.so, url: "https://localhost")
        configuration.usesSOAP = true
        configuration.soapAction = "urn:fraga"
        let request = BaseServiceAdapter(configuration, contract: TestFixtures.contract)
            .request(for: try TestFixtures.question())
        #expect(request.headers.contains { $0 == ("SOAPAction", "\"urn:fraga\"") })
        #expect(request.headers.contains { $0 == ("Content-Type", "text/xml; charset=utf-8") })
        #expect(String(decoding: request.body, as: UTF8.self).contains("Envelope"))
        #expect(request.path == nil)
    }

    @Test func `a request without SOAP has neither`() throws {
        let request = BaseServiceAdapter(
            ProviderConfiguration(.so, url: "https://localhost"), contract: TestFixtures.contract
        )
        .request(for: try TestFixtures.question())
        #expect(!request.headers.contains { $0.name == "SOAPAction" })
        #expect(!String(decoding: request.body, as: UTF8.self).contains("Envelope"))
    }

    @Test func `the asker's own LEFI question goes on byte by byte with its actor and version`() throws {
        let json = Array(
            "{ \"personnummer\":\"198503119821\", \"period\":{\"from\":\"2025-09-01\",\"tom\":\"2025-09-30\"}, \"formansinformation\":[\"FK:SJP\"] }"
                .utf8)
        let question = try TestFixtures.question(lefi: LEFIQuestion(actorID: "kommun 1", json: json))
        let request = BaseServiceAdapter(
            ProviderConfiguration(.fk, url: "https://localhost"), contract: TestFixtures.contract
        )
        .request(for: question)
        #expect(request.body == json)
        #expect(request.path == "/lefi-extern-formansinformation/v9/aktorer/kommun%201/formansinformation/fraga")
    }

    @Test(arguments: [
        ("v9", "00000000-0000-0000-0000-000000000000", "[\"FK:SJP\"]", "2025-09-30", "HTTP-403"),
        ("v9", "a", "[]", "2025-09-30", "HTTP-400"), ("v9", "a", "[\"FK:SJP\"]", "2028-09-30", "HTTP-400"),
        ("v12", "a", "[\"FK:SJP\"]", "2025-09-30", "HTTP-400"),
    ])
    func `what LEFI refuses is the provider's error`(
        version: String, actor: String, groups: String, to: String, code: String
    ) throws {
        let json = Array(
            "{\"personnummer\":\"198503119821\",\"period\":{\"from\":\"2025-09-01\",\"tom\":\"\(to)\"},\"formansinformation\":\(groups)}"
                .utf8)
        let question = try TestFixtures.question(lefi: LEFIQuestion(version: version, actorID: actor, json: json))
        guard case .error(let error) = TestFixtures.outcome(question, .fk) else {
            return #expect(Bool(false), "no error")
        }
        #expect(error.source == .bt && error.code == code)
    }

    @Test func `Skatteverket's fault about one person is the provider's error`() throws {
        let outcome = TestFixtures.outcome(try TestFixtures.question(about: "196904309918"), .skv)
        #expect(
            outcome
                == .error(
                    ProviderError(
                        source: .bt, code: "9071003", messages: ["Uppgifter kan inte lämnas ut för tillfället"])))
    }

    @Test func `a code gets the name that the configuration gives it, the gateway's own never`() throws {
        var configuration = ProviderConfiguration(.skv, url: "https://localhost")
        configuration.errorCodes = ["9071003": "SKV-3", "SSBT-3": "other"]
        let adapter = BaseServiceAdapter(configuration, contract: TestFixtures.contract)
        let fault = SimulatedAuthority(.skv).fault
        let question = try TestFixtures.question()
        func code(_ response: BaseServiceResponse) -> String? {
            if case .error(let error) = adapter.outcome(of: response, to: question) { error.code } else { nil }
        }
        #expect(code(BaseServiceResponse(status: 500, contentType: "text/xml", body: fault.body)) == "SKV-3")
        #expect(code(BaseServiceResponse(status: 200, contentType: "text/xml", body: [0x3C])) == "SSBT-3")
    }

    @Test(arguments: Provider.allCases)
    func `an empty body is no answer`(provider: Provider) throws {
        let adapter = BaseServiceAdapter(
            ProviderConfiguration(provider, url: "https://localhost"), contract: TestFixtures.contract)
        let outcome = try adapter.outcome(
            of: BaseServiceResponse(status: 200, contentType: nil, body: []), to: TestFixtures.question())
        #expect(outcome == .error(.gateway(.answerAgainstContract)))
    }

    @Test func `a well-formed web page is no tax document`() throws {
        var configuration = ProviderConfiguration(.skv, url: "https://localhost")
        configuration.form = .text
        let adapter = BaseServiceAdapter(configuration, contract: TestFixtures.contract)
        let page = Array("<html><body>Underhåll pågår</body></html>".utf8)
        let outcome = try adapter.outcome(
            of: BaseServiceResponse(status: 200, contentType: "text/html", body: page), to: TestFixtures.question())
        #expect(outcome == .error(.gateway(.answerAgainstContract)))
    }

    @Test(arguments: Provider.allCases)
    func `no byte of an answer may be missing at its end`(provider: Provider) throws {
        let configuration = ProviderConfiguration(provider, url: "https://localhost")
        let adapter = BaseServiceAdapter(configuration, contract: TestFixtures.contract)
        let question = try TestFixtures.question()
        let request = adapter.request(for: question)
        let body = SimulatedAuthority(provider).answer(path: request.path ?? "/", body: request.body).body
        for length in stride(from: 0, to: body.count, by: 97) {
            let cut = BaseServiceResponse(status: 200, contentType: "text/xml", body: Array(body[..<length]))
            #expect(adapter.outcome(of: cut, to: question) == .error(.gateway(.answerAgainstContract)))
        }
    }

    @Test func `nothing personal shows when requests and responses are printed`() throws {
        let configuration = ProviderConfiguration(.fk, url: "https://localhost")
        let request = BaseServiceAdapter(configuration, contract: TestFixtures.contract)
            .request(for: try TestFixtures.question())
        let response = BaseServiceResponse(status: 200, contentType: nil, body: request.body)
        var shown = "\(request) \(response)" + String(reflecting: request) + String(reflecting: response)
        dump(request, to: &shown)
        dump(response, to: &shown)
        #expect(!shown.contains("19850311") && !shown.contains("56, 53"))
    }

    @Test(arguments: [
        ("http://localhost", "url"), ("https://", "url"), ("https://u@localhost", "url"),
        ("https://localhost?x=1", "url"),
        ("localhost", "url"), ("", "url"),
    ])
    func `an address that is not https with a host is refused`(url: String, setting: String) {
        #expect(ProviderConfiguration(.af, url: url).problems.contains { $0.hasPrefix(setting) })
    }

    @Test func `settings out of range are named`() {
        var configuration = ProviderConfiguration(.fk, url: "https://localhost/lefi")
        #expect(configuration.problems.isEmpty)
        configuration.form = .text
        configuration.usesSOAP = true
        configuration.soapAction = "a\"b"
        configuration.concurrency = 0
        configuration.connectTimeout = .zero
        configuration.idleTimeout = .zero
        configuration.maximumResponseBytes = 0
        let names = configuration.problems.map { $0.prefix { $0 != " " } }
        #expect(
            names == [
                "form", "soap", "soapAction", "concurrency", "connectTimeout", "idleTimeout", "maximumResponseBytes",
            ])
    }
}
