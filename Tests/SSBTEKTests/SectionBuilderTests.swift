import SSBTEK
import Testing

@Suite struct SectionBuilderTests {
    @Test(arguments: Provider.allCases)
    func `what a base service answers stands in a valid section`(provider: Provider) throws {
        let data = try #require(provider.section(ProviderResponse.bytes(of: provider)).data)
        #expect(data.text.hasPrefix("<s:data "))
        #expect(data.text.hasSuffix("</s:data>"))
    }

    @Test(arguments: Provider.allCases)
    func `what is no answer of the contract is SSBT-3`(provider: Provider) {
        let against = SectionOutcome.error(.gateway(.answerAgainstContract))
        for response in [
            "", " ", "x", "<", "<html><body>503</body></html>", "<a", "[]", "null", "{", "<!DOCTYPE a []><a/>",
            "<data xmlns=\"\(Namespace.ssbtek)\"><svar>x</svar></data>", "<findByPersonnummerResponse/>",
            QuestionDocument().text,
        ] {
            #expect(provider.section(response) == against, "\(response)")
        }
        for form in SectionForm.allCases where !provider.sectionForms.contains(form) {
            #expect(provider.section(ProviderResponse.bytes(of: provider), form: form) == against, "\(form)")
        }
    }

    @Test func `the document element must be the contract's`() {
        let right = ProviderResponse.miv()
        #expect(Provider.miv.section(right).data != nil)
        #expect(Provider.miv.section(right.replacing("findByPersonnummerResponse", with: "findByResponse")).data == nil)
        #expect(Provider.miv.section(right.replacing("ssbtek/1/", with: "ssbtek/2/")).data == nil)
        #expect(Provider.tns.section(right).data == nil)
        let empty = "<m:findByPersonnummerResponse xmlns:m=\"\(Namespace.migrationsverket)\"/>"
        #expect(Provider.miv.section(empty).data != nil)
        let attribute = " xmlns:xsi=\"\(Namespace.schemaInstance)\" xsi:nil=\"true\"/>"
        #expect(Provider.miv.section(empty.replacing("/>", with: attribute)).data == nil)
    }

    @Test func `data that breaks the contract is SSBT-3`() {
        #expect(Provider.af.section(ProviderResponse.af().replacing("<Svar>", with: "<Svar><Nytt/>")).data == nil)
        #expect(Provider.tns.section(ProviderResponse.tns(result: "KANSKE", content: "")).data == nil)
        // Children that took over a namespace, or lost theirs.
        let miv = ProviderResponse.miv().replacing("m:find", with: "find").replacing("xmlns:m=", with: "xmlns=")
        #expect(Provider.miv.section(miv).data == nil)
        #expect(Provider.miv.section(miv.replacing("<response>", with: "<response xmlns=\"\">")).data != nil)
        #expect(Provider.tns.section(ProviderResponse.tns.replacing("t:resultat", with: "resultat")).data == nil)
    }

    @Test func `Skatteverket's document may come as text`() throws {
        let document = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<a b='\"'>å&amp;<![CDATA[<]]></a>"
        let data = try #require(Provider.skv.section(document, form: .text).data)
        let expected =
            "<svar>&lt;?xml version=\"1.0\" encoding=\"utf-8\"?&gt;&#13;\n"
            + "&lt;a b='\"'&gt;å&amp;amp;&lt;![CDATA[&lt;]]&gt;"
            + "&lt;/a&gt;</svar>"
        #expect(data.contains(expected))
        // Another encoding's name would be a lie once the text is inside UTF-8.
        let latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>å</a>".unicodeScalars.map { UInt8($0.value) }
        #expect(
            try #require(Provider.skv.section(latin, form: .text).data).contains("<svar>&lt;a&gt;å&lt;/a&gt;</svar>"))
    }

    @Test(arguments: [Provider.csn, .fk])
    func `base64 holds the very bytes`(provider: Provider) throws {
        var bytes = ProviderResponse.bytes(of: provider)
        bytes.append(contentsOf: Array("\r\n \n".utf8))
        let data = try #require(provider.section(bytes).data).text
        let start = try #require(data.firstRange(of: provider == .fk ? "<s:lefiJsonSvar>" : "<s:svar>")).upperBound
        #expect(Base64.decode(data[start...].prefix { $0 != "<" }.utf8) == bytes)
    }

    @Test func `a document of CSN in another encoding stays in it`() throws {
        let latin =
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><c:A xmlns:c=\"http://schema.csn.se/v4.0/x\">å</c:A>"
            .unicodeScalars.map { UInt8($0.value) }
        #expect(try #require(Provider.csn.section(latin).data).contains(Base64.encode(latin).text))
    }

    @Test func `an error document of a base service is its own error`() {
        let skv =
            "<k:Exception xmlns:k=\"\(Namespace.skatteverket)\"><MeddelandeKod>9071005</MeddelandeKod>"
            + "<MeddelandeText>Stängt</MeddelandeText></k:Exception>"
        #expect(
            Provider.skv.section(skv) == .error(ProviderError(source: .bt, code: "9071005", messages: ["Stängt"])))
        let miv =
            "<m:SSBTEKSoapException xmlns:m=\"\(Namespace.migrationsverket)\"><faultCode>7</faultCode>"
            + "</m:SSBTEKSoapException>"
        #expect(Provider.miv.section(miv) == .error(ProviderError(source: .bt, code: "7", messages: [])))
        let lefi = #"{"meddelande":"Ej behörig","timestamp":"2025-01-01T00:00:00Z"}"#
        #expect(
            Provider.fk.section(lefi) == .error(ProviderError(source: .bt, code: "LEFI", messages: ["Ej behörig"])))
        #expect(
            ProviderRefusal.status(403, body: Array(lefi.utf8), from: .fk)
                == ProviderError(source: .bt, code: "HTTP-403", messages: ["Ej behörig"]))
        #expect(ProviderRefusal.status(503, body: Array("<html/>".utf8), from: .so).code == "HTTP-503")
    }

    @Test(arguments: Provider.allCases)
    func `no changed byte of an answer gets past the contract`(provider: Provider) {
        let bytes = ProviderResponse.bytes(of: provider)
        for index in bytes.indices {
            for flip: UInt8 in [0x01, 0x80, bytes[index] ^ 0x3C] where flip != 0 {
                var changed = bytes
                changed[index] ^= flip
                guard let data = provider.section(changed).data else { continue }
                let answer = AnswerWriter.answer(
                    askedAt: nil, correlationID: nil, echo: nil,
                    sections: Provider.allCases.map {
                        ($0, $0 == provider ? .data(data) : .error(.gateway(.notReachable)))
                    })
                #expect(ContractFiles.accepts(answer))
            }
        }
        for length in 0..<bytes.count where provider.sectionForms[0] == .xmlInline {
            #expect(provider.section(Array(bytes[..<length])).data == nil)
        }
    }
}
