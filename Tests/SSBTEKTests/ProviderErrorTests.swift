import SSBTEK
import Testing

@Suite struct ProviderErrorTests {
    @Test func `the gateway's codes are those of the profile`() {
        #expect(GatewayErrorCode.allCases.map(\.rawValue) == ["SSBT-1", "SSBT-2", "SSBT-3", "SSBT-4", "SSBT-9"])
        for code in GatewayErrorCode.allCases {
            let error = ProviderError.gateway(code)
            #expect(error.source == .ssbt)
            #expect(error.messages == [code.sentence])
        }
        #expect(Set(GatewayErrorCode.allCases.map(\.sentence)).count == 5)
    }

    @Test func `an error without a sentence gets one`() {
        #expect(ProviderError(source: .bt, code: "1", messages: []).messages.count == 1)
    }

    @Test func `printing an error shows source and code but no sentence`() {
        let error = ProviderError(source: .bt, code: "-1005", messages: ["Personen 19990807-2391 är okänd"])
        var dumped = ""
        dump(error, to: &dumped)
        dump(SectionOutcome.error(error), to: &dumped)
        dump(SectionOutcome.data(Array("19990807-2391".utf8)), to: &dumped)
        let printed = "\(error) \([error]) \(SectionOutcome.error(error)) \(String(reflecting: error))" + dumped
        #expect("\(error)" == "BT -1005")
        #expect(!printed.contains("9908") && !printed.contains("okänd"))
        #expect("\(SectionOutcome.data([1, 2]))" == "data, 2 bytes")
    }

    @Test(arguments: [
        "", "199908072391", "19990807-2391", "990807-2391", "FEL 199908072391", "två ord", "å", "a\nb",
        String(repeating: "x", count: 41),
    ])
    func `a code that may name someone is not loggable`(code: String) {
        #expect(ProviderError(source: .bt, code: code, messages: []).loggableCode == "other")
    }

    @Test(arguments: ["-1005", "9071001", "SSBT-1", "Server", "Client.Authentication", "HTTP-503", "1"])
    func `a code that looks like one is loggable`(code: String) {
        #expect(ProviderError(source: .bt, code: code, messages: []).loggableCode == code)
    }
}
