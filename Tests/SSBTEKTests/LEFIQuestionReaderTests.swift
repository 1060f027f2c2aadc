import SSBTEK
import Testing

@Suite struct LEFIQuestionReaderTests {
    @Test(arguments: ["199908072391", "9908072391"])
    func `the asker's own words are kept byte by byte`(number: String) throws {
        let json = " {\"personnummer\" : \"\(number)\", \"period\":{}, \"x\":\"å\"}\n"
        let lefi = try #require(try Self.document(json).read().lefi)
        #expect(lefi.json.text == json)
        #expect(lefi.version == "v9")
        #expect(lefi.actorID == "9255f428")
    }

    @Test func `a question about someone else is refused`() {
        #expect(Self.document(#"{"personnummer":"196408233234"}"#).fault() == .questionAboutAnotherPerson)
        #expect(Self.document(#"{"personnummer":"209908072391"}"#).fault() == .questionAboutAnotherPerson)
        #expect(Self.document(#"{"personnummer":"6408233234"}"#).fault() == .questionAboutAnotherPerson)
        #expect(Self.document(#"{"personnumme\u0072":"196408233234"}"#).fault() == .questionAboutAnotherPerson)
    }

    @Test(arguments: [
        "", "[]", "\"x\"", "{", "{}", #"{"personnummer":199908072391}"#, #"{"personnummer":"19990807-2391"}"#,
        #"{"personnummer":"199908072391","personnummer":"196408233234"}"#,
        #"{"personnummer":"199908072391","personnumme\u0072":"196408233234"}"#,
        #"{"personnummer":"199908072391","Personnummer":"196408233234"}"#,
        #"{"Personnummer":"199908072391"}"#, #"{"personnummer":"199908072391"}{}"#,
        #"{"person":{"personnummer":"199908072391"}}"#,
    ])
    func `what LEFI could understand in two ways is against the contract`(json: String) {
        #expect(Self.document(json).fault() == .questionAgainstContract)
    }

    @Test(arguments: ["", " ", ".", "..", "a/b", "..\\x", "a b", "...."])
    func `an actor that is no step of a path is against the contract`(actor: String) {
        var document = QuestionDocument()
        document.lefi = QuestionDocument.lefi(json: #"{"personnummer":"199908072391"}"#, actor: actor)
        #expect(document.fault() == .questionAgainstContract)
        document.lefi = QuestionDocument.lefi(json: #"{"personnummer":"199908072391"}"#, actor: "a", version: "../v9")
        #expect(document.fault() == .questionAgainstContract)
    }

    @Test func `what is not asked is not looked at`() throws {
        var document = Self.document("nonsense")
        document.included = [.af]
        #expect(try document.read().lefi == nil)
    }

    private static func document(_ json: String) -> QuestionDocument {
        var document = QuestionDocument()
        document.lefi = QuestionDocument.lefi(json: json)
        return document
    }
}
