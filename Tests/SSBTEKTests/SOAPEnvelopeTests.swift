import SSBTEK
import Testing
import XML

@Suite struct SOAPEnvelopeTests {
    private static func envelope(_ body: String, attributes: String = "") -> [UInt8] {
        Array("<soap:Envelope xmlns:soap=\"\(Namespace.soapEnvelope)\"\(attributes)>\(body)</soap:Envelope>".utf8)
    }

    private static func error(_ envelope: [UInt8]) -> ProviderError? {
        do throws(ProviderError) {
            _ = try SOAPEnvelope.unwrap(envelope)
            return nil
        } catch {
            return error
        }
    }

    @Test func `what is wrapped is unwrapped`() throws {
        let body = Array("<a xmlns=\"urn:a\">&amp;<b/></a>".utf8)
        let wrapped = SOAPEnvelope.wrap(body)
        #expect(wrapped.contains("<soap:Body>\(body.text)</soap:Body>"))
        let unwrapped = try SOAPEnvelope.unwrap(wrapped)
        #expect(try XMLDocument(parsing: unwrapped).root == XMLDocument(parsing: body).root)
    }

    @Test func `declarations made further out come along once`() throws {
        let envelope = Self.envelope(
            "<soap:Body xmlns=\"urn:d\" xmlns:q='urn:q'><a xmlns:p = \"urn:p2\" x=\"xmlns:q=''\">"
                + "<p:b q:c=\"1\"/></a></soap:Body>",
            attributes: " xmlns:p=\"urn:p1\"")
        let document = try SOAPEnvelope.unwrap(envelope)
        #expect(document.contains(" xmlns:p = \"urn:p2\" x=\"xmlns:q=''\"><p:b q:c=\"1\"/></a>"))
        let root = try XMLDocument(parsing: document).root
        #expect(root.namespace == "urn:d")
        #expect(root.children.first?.namespace == "urn:p2")
        #expect(root.children.first?.attribute("c", namespace: "urn:q") == "1")
    }

    @Test func `an element that undeclares the default stays without it`() throws {
        let envelope = Self.envelope("<soap:Body><a xmlns=\"\"/></soap:Body>", attributes: " xmlns=\"urn:d\"")
        #expect(try XMLDocument(parsing: SOAPEnvelope.unwrap(envelope)).root.namespace == nil)
    }

    @Test func `a fault is the base service's error`() {
        let fault = Self.envelope(
            "<soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>Nej, 19990807-2391</faultstring>"
                + "<detail><x/></detail></soap:Fault></soap:Body>")
        #expect(Self.error(fault) == ProviderError(source: .bt, code: "Server", messages: ["Nej, 19990807-2391"]))
        #expect(ProviderRefusal.status(500, body: fault, from: .so).code == "Server")
        let empty = Self.envelope("<soap:Body><soap:Fault/></soap:Body>")
        #expect(Self.error(empty)?.code == "Fault")
        #expect(Self.error(empty)?.source == .bt)
    }

    @Test func `a known detail says more than the fault`() {
        let fault = Self.envelope(
            "<soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>fel</faultstring><detail>"
                + "<k:Exception xmlns:k=\"\(Namespace.skatteverket)\"><MeddelandeKod>9071001</MeddelandeKod>"
                + "<MeddelandeText>Stängt</MeddelandeText></k:Exception></detail></soap:Fault></soap:Body>")
        #expect(Self.error(fault) == ProviderError(source: .bt, code: "9071001", messages: ["Stängt", "fel"]))
    }

    @Test(arguments: [
        "<a/>", "",
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body><a/></e:Body></e:Envelope>",
        "<Envelope><Body><a/></Body></Envelope>",
    ])
    func `what is no envelope of SOAP 1_1 is against the contract`(text: String) {
        #expect(Self.error(Array(text.utf8)) == .gateway(.answerAgainstContract))
    }

    @Test(arguments: [
        "", "<soap:Body/>", "<soap:Body>text</soap:Body>", "<soap:Body><a/><b/></soap:Body>", "<Body><a/></Body>",
        "<soap:Body><a/></soap:Body><soap:Body><b/></soap:Body>", "<Body/><soap:Body><b/></soap:Body>",
        "<soap:Header><soap:Body><a/></soap:Body></soap:Header>",
    ])
    func `a body without exactly one element is against the contract`(content: String) {
        #expect(Self.error(Self.envelope(content)) == .gateway(.answerAgainstContract))
    }

    @Test func `a body in the header is not the body`() throws {
        let envelope = Self.envelope("<soap:Header><Body><a/></Body></soap:Header><soap:Body><b/></soap:Body>")
        #expect(try XMLDocument(parsing: SOAPEnvelope.unwrap(envelope)).root.name == "b")
    }

    @Test func `every truncation and every changed byte ends in an answer or an error`() throws {
        let envelope = Self.envelope(
            "<soap:Body xmlns=\"urn:d\"><a xmlns:p=\"urn:p\"><p:b>å</p:b></a></soap:Body>", attributes: " xmlns:p='x'")
        for length in 0..<envelope.count { #expect(Self.error(Array(envelope[..<length])) != nil) }
        for index in envelope.indices {
            for flip: UInt8 in [0x01, 0x20, 0x80, envelope[index] ^ 0x22, envelope[index] ^ 0x3E] where flip != 0 {
                var changed = envelope
                changed[index] ^= flip
                guard let document = try? SOAPEnvelope.unwrap(changed) else { continue }
                #expect((try? XMLDocument(parsing: document)) != nil)
            }
        }
    }
}
