import Testing
import XML

struct XMLContentTests {
    private func content(_ text: String, _ path: String...) -> XMLContent? {
        XMLContent.innerContent(of: Array(text.utf8), path: path)
    }

    private func string(_ bytes: ArraySlice<UInt8>?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `the bytes inside an element are found exactly`() {
        let inner = " x<b c='>'/><!-- </a> --><![CDATA[</a>]]><?p </a>?><a>y</a>\r\n"
        let found = content("<?p?><!-- <a> --><!DOCTYPE a><a d=\"/>\">\(inner)</a >", "a")
        #expect(string(found?.content) == inner)
        #expect(string(found?.element) == "<a d=\"/>\">\(inner)</a >")
    }

    @Test func `an empty element has empty content`() {
        #expect(string(content("<a/>", "a")?.content) == "")
        #expect(string(content("<a></a>", "a")?.content) == "")
        #expect(string(content("<r><a x='1'/></r>", "r", "a")?.element) == "<a x='1'/>")
    }

    @Test func `a path finds the first element at exactly that place`() {
        let text = "<e:r><x><body>no</body></x><e:h/><e:body><q>1</q></e:body><body>2</body></e:r>"
        #expect(string(content(text, "r", "body")?.content) == "<q>1</q>")
        #expect(string(content(text, "*", "*", "body")?.content) == "no")
        #expect(string(content(text, "r", "body", "q")?.content) == "1")
        #expect(content(text, "r", "q") == nil)
        #expect(content(text, "body") == nil)
        #expect(content(text) == nil)
    }

    @Test func `namespaces in scope are those of the element and its ancestors, inner ones winning`() {
        let text = """
            <r xmlns="urn:d" xmlns:a='urn:a&amp;b' xmlns:b = "urn:b"><s xmlns:c="urn:c"/>\
            <t b:x="1" xmlns:b="urn:b2" xmlns=""><u/></t></r>
            """
        let found = content(text, "r", "t")
        #expect(found?.namespaces.map { "\($0.prefix)=\($0.uri)" } == ["a=urn:a&b", "b=urn:b2"])
        #expect(found?.outerNamespaces.map { "\($0.prefix)=\($0.uri)" } == ["=urn:d", "a=urn:a&b", "b=urn:b"])
        #expect(content(text, "r")?.outerNamespaces.isEmpty == true)
    }

    @Test func `no truncation crashes`() {
        let text = "<a xmlns:p='u' b=\"c\"><!-- x --><![CDATA[y]]><p:b xmlns='&#x41;'/></a>"
        for length in 0..<text.utf8.count {
            let found = XMLContent.innerContent(of: Array(text.utf8.prefix(length)), path: ["a"])
            #expect(found == nil)
        }
    }
}
