import Testing
import XML

struct XMLWriterTests {
    @Test func `what is written is read back the same`() throws {
        let text = "a<b>&\"'\r\n\t]]> åäö € 😀"
        for encoding in [XMLWriter.Encoding.utf8, .latin1] {
            var writer = XMLWriter(encoding: encoding)
            writer.declaration()
            writer.start("r", ["x": text, "none": nil])
            writer.element("c", text: text)
            writer.empty("d", ["y": ""])
            writer.raw(Array("<e/>".utf8))
            writer.end()
            let root = try XMLDocument(parsing: writer.bytes).root
            #expect(root.attributes.map(\.name) == ["x"])
            #expect(root.attribute("x") == text)
            #expect(root.first(named: "c")?.text == text)
            #expect(root.first(named: "d")?.attribute("y") == "")
            #expect(root.first(named: "e") != nil)
        }
    }

    @Test func `ISO-8859-1 bytes are one byte each and the rest are references`() {
        var writer = XMLWriter(encoding: .latin1)
        writer.text("å€")
        #expect(writer.bytes == [0xE5] + Array("&#8364;".utf8))
    }

    @Test func `characters that XML forbids cannot break a document`() throws {
        var writer = XMLWriter()
        writer.element("a", ["b": "\u{0}"], text: "\u{1}\u{FFFE}\u{1F}")
        #expect(try XMLDocument(parsing: writer.bytes).root.text == "\u{FFFD}\u{FFFD}\u{FFFD}")
    }
}
