import Testing
import XML

struct XMLDocumentTests {
    @Test func `elements carry name, namespace, attributes, children and text`() throws {
        let document = try read(
            #"<a:r xmlns:a="urn:a" xmlns="urn:d" one="1" a:two="&lt;2"><c>x<![CDATA[<y>]]>z</c><!-- no --><c/></a:r>"#)
        let root = document.root
        #expect(root.name == "r")
        #expect(root.namespace == "urn:a")
        #expect(root.attribute("one") == "1")
        #expect(root.attribute("two") == nil)
        #expect(root.attribute("two", namespace: "urn:a") == "<2")
        #expect(root.children(named: "c").map(\.text) == ["x<y>z", ""])
        #expect(root.first(named: "c")?.namespace == "urn:d")
        #expect(root.first(named: "c", namespace: nil) == nil)
        #expect(root.attributes.map(\.name) == ["one", "two"])
    }

    @Test func `an undeclared default namespace is no namespace`() throws {
        let root = try read("<a xmlns='urn:a'><b xmlns=''><c/></b></a>").root
        #expect(root.namespace == "urn:a")
        #expect(root.children[0].namespace == nil)
        #expect(root.children[0].children[0].namespace == nil)
    }

    @Test(arguments: [
        "", " ", "text", "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a b='1' b='2'/>", "<a>\u{1}</a>",
        "<?xml encoding='UTF-8'?><a/>", "<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>",
        "<?xml version='1.0' encoding='UTF-7'?><a/>", "<a>&#0;</a>", "<a><![CDATA[</a>", "<a><!-- </a>", "</a>",
    ])
    func `what is not well-formed is refused`(text: String) {
        #expect(reason(text) == .notWellFormed)
    }

    @Test func `bytes that are not valid in the declared encoding are refused`() {
        let latin1 = Array("<?xml version='1.0' encoding='UTF-8'?><a>".utf8) + [0xE5] + Array("</a>".utf8)
        #expect(throws: XMLParsingError.self) { try XMLDocument(parsing: latin1) }
    }

    @Test(arguments: ["<x:a/>", "<a x:b='1'/>", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>"])
    func `a namespace error is refused`(text: String) {
        #expect([.namespaceError, .notWellFormed].contains(reason(text)))
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<!DOCTYPE a []><a/>", "<!DOCTYPE a [<!ELEMENT a ANY>]><a/>",
        "<!DOCTYPE a SYSTEM 'a.dtd' [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a/>",
        "<!DOCTYPE a SYSTEM '../a.dtd'><a/>", "<!DOCTYPE a PUBLIC 'x' 'http://127.0.0.1/a.dtd'><a/>",
        "<!DOCTYPE a SYSTEM 'a.dtd'><a>&e;</a>", "<!DOCTYPE a SYSTEM 'a.dtd'><a b='&e;'/>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1/p'>%p;]><a/>", "<a>&undeclared;</a>", "<a b='&u;'/>",
    ])
    func `entities, an internal subset and anything to load are refused`(text: String) {
        #expect(reason(text, XMLReadingOptions(allowsExternalDocumentTypeName: true)) == .documentTypeForbidden)
    }

    @Test func `a bare document type name is accepted only where it is allowed`() throws {
        let text = "<!DOCTYPE a SYSTEM \"a-1.2.dtd\"><a>&amp;</a>"
        #expect(reason(text) == .documentTypeForbidden)
        let options = XMLReadingOptions(allowsExternalDocumentTypeName: true)
        #expect(try read(text, options).root.text == "&")
    }

    @Test func `a billion laughs are refused at once`() {
        var text = "<!DOCTYPE a [<!ENTITY l0 'lol'>"
        for level in 1..<10 { text += "<!ENTITY l\(level) '" + String(repeating: "&l\(level - 1);", count: 10) + "'>" }
        text += "]><a>&l9;</a>"
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(reason(text, XMLReadingOptions(allowsExternalDocumentTypeName: true)) == .documentTypeForbidden)
        }
        #expect(time < .seconds(10))
    }

    @Test func `depth, size, elements, attributes and namespaces are limited`() {
        let deep = String(repeating: "<a>", count: 101) + String(repeating: "</a>", count: 101)
        #expect(reason(deep) == .tooDeep)
        #expect(reason(String(deep.dropFirst(3).dropLast(4))) == nil)
        #expect(reason("<a>123456</a>", XMLReadingOptions(maximumBytes: 12)) == .tooLarge)
        #expect(reason("<a>123456</a>", XMLReadingOptions(maximumBytes: 13)) == nil)
        #expect(reason("<a><b/><b/></a>", XMLReadingOptions(maximumElements: 2)) == .tooLarge)
        let attributes = (0..<201).map { " a\($0)=''" }.joined()
        #expect(reason("<a\(attributes)/>") == .tooLarge)
        let namespaces = (0..<100).map { " xmlns:n\($0)='u'" }.joined()
        let nested = String(repeating: "<a\(namespaces)>", count: 6) + String(repeating: "</a>", count: 6)
        #expect(reason(nested) == .tooLarge)
        #expect(reason("<r>" + String(repeating: "<a\(namespaces)/>", count: 6) + "</r>") == nil)
    }

    @Test func `half a million attributes do not take minutes`() {
        let bytes = Array("<a".utf8) + (0..<300_000).flatMap { Array(" a\($0)=''".utf8) } + Array("/>".utf8)
        #expect(throws: XMLParsingError(.tooLarge)) { try XMLDocument(parsing: bytes) }
    }

    @Test func `an error does not quote the document`() {
        do {
            _ = try read("<a>191212121212</b>")
            Issue.record("accepted")
        } catch {
            #expect(!String(describing: error).contains("1912"))
            #expect(!String(reflecting: error).contains("1912"))
        }
    }

    @Test func `no prefix of a document crashes or is accepted`() {
        let text = "<?xml version='1.0'?><a x='1'><!-- c --><b><![CDATA[d]]></b>&amp;<?p i?></a>"
        for length in 0..<text.utf8.count {
            #expect(throws: XMLParsingError.self) { try XMLDocument(parsing: Array(text.utf8.prefix(length))) }
        }
    }

    @Test func `documents are read by many threads at once`() async throws {
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask { try read("<a><b>\(number)</b><b/></a>").root.children.count }
            }
            return try await group.reduce(into: 0) { $0 += $1 }
        }
        #expect(counts == 128)
    }
}

func read(_ text: String, _ options: XMLReadingOptions = XMLReadingOptions()) throws(XMLParsingError) -> XMLDocument {
    try XMLDocument(parsing: Array(text.utf8), options: options)
}

func reason(_ text: String, _ options: XMLReadingOptions = XMLReadingOptions()) -> XMLParsingError.Reason? {
    do {
        _ = try read(text, options)
        return nil
    } catch { return error.reason }
}
