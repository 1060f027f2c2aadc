import SHS
import Testing

struct LabelTests {
    private static let full = """
        <?xml version="1.0" encoding="ISO-8859-1"?>
        <!DOCTYPE shs.label SYSTEM "shs-label-1.2.dtd">
        <shs.label version="1.2" tx.id="t-1" corr.id="k-1" shs.agreement="a-1" transfer-type="synch" \
        message-type="simple" document-type="simple" sequence-type="request" status="test">
        <originator name="K">urn:X-shs:2222222222</originator>
        <from commonName="" e-mail="e" labeledURI="u">urn:X-shs:0000000000</from>
        <to>urn:X-shs:1111111111.b</to>
        <end-recipient>mailto:x@example.com</end-recipient>
        <product commonName="P">urn:X-shs:00000000-0000-0000-0000-00000000e001</product>
        <meta name="m">v</meta>
        <subject>S</subject>
        <datetime>2026-01-02T03:04:05</datetime>
        <content content.id="c-1"><data datapartType="x" filename="f" no-of-bytes="8" no-of-records="1"/><comment>C</comment></content>
        <history node.id="n" local.id="l
        x" to="1111111111"><datetime>d</datetime><comment>h</comment></history>
        </shs.label>
        """

    private func read(_ text: String) throws -> Label { try LabelReader.read(Array(text.utf8)) }

    private func read(replacing part: String, with other: String) throws -> Label {
        let changed = Self.full.replacing(part, with: other)
        #expect(changed != Self.full, "the test changes nothing")
        return try self.read(changed)
    }

    @Test func `every element and attribute is read`() throws {
        let label = try self.read(Self.full)
        #expect(label.txID == "t-1" && label.corrID == "k-1" && label.agreement == "a-1")
        #expect(label.transferType == .synch && label.sequenceType == .request && label.status == .test)
        #expect(label.originator == Label.EndPoint(urn: "urn:X-shs:2222222222", name: "K"))
        #expect(label.from?.address.organisation == "0000000000")
        #expect(label.from?.commonName == "" && label.from?.email == "e" && label.from?.labeledURI == "u")
        #expect(label.to?.address.internalID == "b" && label.to?.commonName == nil)
        #expect(label.endRecipient?.urn == "mailto:x@example.com")
        #expect(label.product.id.urn == Fixture.productText && label.product.commonName == "P")
        #expect(label.meta == [Label.Meta(name: "m", value: "v")])
        #expect(label.subject == "S" && label.datetime == "2026-01-02T03:04:05")
        let entry = DataEntry(datapartType: "x", filename: "f", byteCount: 8, recordCount: 1)
        #expect(label.content == Label.Content(contentID: "c-1", kind: .data([entry]), comment: "C"))
        #expect(label.history.map(\.comment) == ["h"])
        #expect(label.history[0].attributes["local.id"] == "l x")
    }

    @Test func `what may be left out has the defaults of the document type`() throws {
        let label = try self.read(
            """
            <shs.label tx.id="t" corr.id="k" sequence-type="event"><originator>x:y</originator>\
            <product>confirm</product><datetime>2013-06-17</datetime><content content.id="c"/></shs.label>
            """)
        #expect(label.version == "1.2")
        #expect(label.transferType == .asynch && label.status == .production)
        #expect(label.messageType == .simple && label.documentType == .simple)
        #expect(label.from == nil && label.to == nil && label.endRecipient == nil && label.subject == nil)
        #expect(label.product.id == .confirm)
        #expect(label.content.kind == .data([]))
    }

    @Test func `version 1.1 names the content by uuid`() throws {
        let text = Self.full.replacing("version=\"1.2\"", with: "version=\"1.1\"").replacing(
            "content.id=\"c-1\"", with: "uuid=\"c-1\"")
        #expect(try self.read(text).content.contentID == "c-1")
        let untyped = try self.read(text.replacing(" datapartType=\"x\"", with: ""))
        #expect(
            untyped.content.kind == .data([DataEntry(datapartType: "", filename: "f", byteCount: 8, recordCount: 1)]))
    }

    @Test func `wrong numbers are advisory only`() throws {
        let label = try self.read(replacing: "no-of-bytes=\"8\"", with: "no-of-bytes=\"-8x\"")
        #expect(label.content.kind == .data([DataEntry(datapartType: "x", filename: "f", recordCount: 1)]))
    }

    @Test(arguments: [
        (" tx.id=\"t-1\"", ""), (" corr.id=\"k-1\"", ""), (" sequence-type=\"request\"", ""),
        ("tx.id=\"t-1\"", "tx.id=\"\""),
        ("tx.id=\"t-1\"", "tx.id=\"a b\""), ("tx.id=\"t-1\"", "tx.id=\"å\""), ("\"a-1\"", "\"a/1\""),
        ("transfer-type=\"synch\"", "transfer-type=\"sync\""), ("status=\"test\"", "status=\"Test\""),
        ("message-type=\"simple\"", "message-type=\"\""), ("version=\"1.2\"", "version=\"1.3\""),
        ("<from commonName=\"\"", "<from"), ("<meta name=\"m\">", "<meta>"), (" content.id=\"c-1\"", ""),
        (" datapartType=\"x\"", ""), ("<subject>S</subject>", "<subject>S</subject><subject>S</subject>"),
        ("<subject>S</subject>", "<subject><b/></subject>"), ("<datetime>2026-01-02T03:04:05</datetime>\n", ""),
        ("2026-01-02T03:04:05", ""), ("<data ", "<data><x/></data><data "),
        ("</content>", "</content><content content.id=\"d\"/>"),
        ("<comment>C</comment></content>", "<comment>C</comment><data datapartType=\"y\"/></content>"),
        ("<comment>C</comment></content>", "<compound no-of-parts=\"2\"/></content>"),
        ("<comment>C</comment></content>", "text</content>"),
        ("<subject>S</subject>", "<x:subject xmlns:x=\"u\">S</x:subject>"), ("mailto:x@example.com", " "),
        ("<product commonName=\"P\">", "<product>00000000-0000-0000-0000-00000000e001</product><product>"),
    ])
    func `a label against the document type is refused`(part: String, other: String) {
        #expect(throws: Fault.labelMalformed) { try self.read(replacing: part, with: other) }
    }

    @Test func `elements in another order are refused`() {
        let subject = "<subject>S</subject>\n"
        for place in ["<from ", "<to>", "<end-recipient>", "<product ", "<meta ", "<content ", "<history "]
        where place != "<content " {
            let moved = Self.full.replacing(subject, with: "").replacing(place, with: subject + place)
            #expect(throws: Fault.labelMalformed) { try self.read(moved) }
        }
    }

    @Test func `a missing product is a fault of the label, a wrong one of the product`() {
        let product = "<product commonName=\"P\">urn:X-shs:00000000-0000-0000-0000-00000000e001</product>\n"
        #expect(throws: Fault.labelMalformed) { try self.read(replacing: product, with: "") }
        #expect(throws: Fault.malformedProduct) { try self.read(replacing: "0000-00000000e001", with: "0") }
        #expect(throws: Fault.malformedSender) { try self.read(replacing: ":0000000000", with: ":1") }
        #expect(throws: Fault.malformedReceiver) { try self.read(replacing: ":1111111111.b", with: ":") }
    }

    @Test func `a reply keeps transfer and conversation and changes the parties about`() throws {
        let request = try self.read(Self.full)
        let data = [DataEntry(datapartType: "x")]
        let reply = request.reply(datetime: "2026-01-02T03:04:06", contentID: "c-2", data: data)
        #expect(reply.txID == "t-1" && reply.corrID == "k-1" && reply.agreement == "a-1")
        #expect(reply.sequenceType == .reply && reply.transferType == .synch && reply.status == .test)
        #expect(reply.from == request.to && reply.to?.address == request.from?.address)
        #expect(reply.to?.commonName == "" && reply.to?.email == nil && reply.to?.labeledURI == nil)
        #expect(reply.originator == request.endRecipient && reply.endRecipient == request.originator)
        #expect(reply.product == request.product && reply.datetime == "2026-01-02T03:04:06")
        #expect(reply.content == Label.Content(contentID: "c-2", kind: .data(data)))
        #expect(reply.meta.isEmpty && reply.subject == nil && reply.history.isEmpty)
    }

    @Test func `what is written is read back the same`() throws {
        let label = try self.read(Self.full)
        #expect(try LabelReader.read(LabelWriter.write(label)) == label)
        let other = try Fixture.label(entries: 3)
        #expect(try LabelReader.read(LabelWriter.write(other)) == other)
    }

    @Test func `a content identity that some nodes cannot take is cut when it is written, nothing else`() throws {
        var label = try Fixture.label()
        label.content.contentID = String(repeating: "c", count: 37)
        let read = try LabelReader.read(LabelWriter.write(label))
        label.content.contentID = String(repeating: "c", count: 36)
        #expect(read == label)
    }

    @Test func `every truncation of a label is a fault`() {
        let bytes = Array(Self.full.utf8)
        for length in bytes.indices {
            #expect(throws: Fault.self) { try LabelReader.read(Array(bytes[..<length])) }
        }
    }
}
