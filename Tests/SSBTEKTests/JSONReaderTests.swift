import Testing

@testable import SSBTEK

@Suite struct JSONReaderTests {
    @Test func `all kinds of values are read`() {
        let text = #" {"a":[1,-0.5e+3,true,false,null,"x\n\u00e5\ud83d\ude00\/\\"],"b":{},"c":[]} "#
        #expect(
            Self.read(text)
                == .object([
                    .init(
                        name: "a",
                        value: .array([
                            .number("1"), .number("-0.5e+3"), .bool(true), .bool(false), .null, .string("x\nå😀/\\"),
                        ])),
                    .init(name: "b", value: .object([])), .init(name: "c", value: .array([])),
                ]))
        #expect(Self.read("\u{FEFF}{}") == .object([]))
    }

    @Test(arguments: [
        "", " ", "{", "}", "{]", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{'a':1}", "01", "1.", ".5", "-", "+1", "1e",
        "nul",
        "truefalse", "{} {}", "\"\n\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\udc00\"", "\"",
        "[1 2]",
        "{\"a\":1 \"b\":2}", "NaN", "/**/{}", "{}\0",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(JSONReader.read([0x22, 0xFF, 0x22], refusingRepeatedNames: false) == nil)
        #expect(JSONReader.read([0x22, 0xC0, 0xAF, 0x22], refusingRepeatedNames: false) == nil)
    }

    @Test func `nesting has an end`() {
        #expect(Self.read(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)) != nil)
        #expect(Self.read(String(repeating: "[", count: 100_000)) == nil)
        #expect(Self.read(String(repeating: "{\"a\":", count: 100_000)) == nil)
    }

    @Test func `a repeated name is refused when told so however it is written`() {
        for text in [#"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"a":1,"a":1}}]"#] {
            #expect(JSONReader.read(Array(text.utf8), refusingRepeatedNames: true) == nil)
            #expect(JSONReader.read(Array(text.utf8), refusingRepeatedNames: false) != nil)
        }
    }

    @Test func `every truncation is refused`() {
        let text = Array(#"{"a":[1,true,null,"x\u00e5"],"b":{"c":-1.5e3}}"#.utf8)
        for length in 0..<text.count {
            #expect(JSONReader.read(Array(text[..<length]), refusingRepeatedNames: true) == nil)
        }
    }

    private static func read(_ text: String) -> JSONValue? {
        JSONReader.read(Array(text.utf8), refusingRepeatedNames: false)
    }
}
