import SSBTEK
import Testing

@Suite struct HostileQuestionTests {
    private static let reader = QuestionReader(contract: ContractFiles.contract)

    private static func fault(_ text: String) -> QuestionFault? {
        do throws(QuestionFault) {
            _ = try self.reader.read(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func `an XML bomb is refused before it goes off`() {
        let entities = (1..<20).map { "<!ENTITY a\($0) \"\(String(repeating: "&a\($0 - 1);", count: 10))\">" }
        let bomb = "<!DOCTYPE x [<!ENTITY a0 \"lol\">\(entities.joined())]><x>&a19;</x>"
        #expect(Self.fault(bomb) == .documentTypeForbidden)
    }

    @Test(arguments: [
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\">", "<!DOCTYPE x>", "<!DOCTYPE x [<!ENTITY % p \"\"> %p;]>",
    ])
    func `no document type is taken in a question`(documentType: String) {
        let text = QuestionDocument().text.replacing(
            "encoding=\"UTF-8\"?>", with: "encoding=\"UTF-8\"?>" + documentType)
        #expect(Self.fault(text) == .documentTypeForbidden)
    }

    @Test func `an undeclared entity is refused`() {
        let fault = Self.fault(QuestionDocument().text.replacing("korr &amp; 1", with: "&korr;"))
        #expect(fault == .documentTypeForbidden || fault == .questionMalformed)
    }

    @Test(arguments: [
        "", " ", "x", "<", "<a", "<a>", "</a>", "<a/><b/>", "\u{0}", "{\"a\":1}", "<a:b/>", "<?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>", "<?xml version=\"1.0\" encoding=\"EBCDIC-CP-SE\"?><a/>",
    ])
    func `what is no XML is malformed`(text: String) {
        #expect(Self.fault(text) == .questionMalformed)
    }

    @Test func `depth and size have limits`() {
        let deep = String(repeating: "<a>", count: 50_000) + String(repeating: "</a>", count: 50_000)
        #expect(Self.fault(deep) == .questionMalformed)
        #expect(Self.fault("<a>" + String(repeating: "x", count: 5 << 20) + "</a>") == .questionMalformed)
        #expect(Self.fault("<a>" + String(repeating: "<b/>", count: 6000) + "</a>") == .questionMalformed)
    }

    @Test func `a schema named by the question is not loaded and changes nothing`() throws {
        var document = QuestionDocument()
        document.rootAttributes =
            " xmlns:xsi=\"\(Namespace.schemaInstance)\" xsi:schemaLocation=\"urn:x file:///none.xsd\""
        #expect(document.fault() == nil)
        document.rootAttributes += " xsi:type=\"s:SammansattBastjanstTestFraga\""
        #expect(document.fault() == .questionAgainstContract)
    }

    @Test func `every truncation is refused`() {
        let bytes = QuestionDocument().bytes
        for length in 0..<bytes.count {
            #expect(throws: QuestionFault.self) { try Self.reader.read(Array(bytes[..<length])) }
        }
    }

    @Test func `whatever one changed byte makes of a question is refused or can be echoed validly`() {
        var document = QuestionDocument()
        document.echo = "<s:fraganSkallInkluderasISvaret>true</s:fraganSkallInkluderasISvaret>"
        document.lefi = QuestionDocument.lefi(json: #"{"personnummer":"199908072391"}"#)
        let bytes = document.bytes
        var accepted = 0
        for index in bytes.indices {
            for flip: UInt8 in [0x01, 0x20, 0x80, bytes[index] ^ 0x3C, bytes[index] ^ 0x22] where flip != 0 {
                var changed = bytes
                changed[index] ^= flip
                guard let question = try? Self.reader.read(changed) else { continue }
                accepted += 1
                #expect(question.person.digits == QuestionDocument.person)
                if question.echo { #expect(ContractFiles.accepts(QuestionEchoTests.answer(to: question))) }
            }
        }
        #expect(accepted > 0)
    }
}
