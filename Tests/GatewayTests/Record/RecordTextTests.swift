import Gateway
import SHS
import Testing

/// How entries and moments are written.
@Suite struct RecordTextTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `a moment is written in UTC and read again`(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
        #expect(Timestamp(text: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-13-01T00:00:00.000Z", "2026-02-30T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01",
    ])
    func `what is no moment is not read`(_ text: String) {
        #expect(Timestamp(text: text) == nil)
    }

    @Test func `an entry is one line whatever a sender writes`() {
        var object = JSONObject()
        object.string("a", "x\"y\\z\n\r\u{0}\u{1F}å\u{2028}")
        object.string("none", nil)
        object.strings("b", ["1", "2"])
        object.number("c", -7)
        #expect(
            String(decoding: object.closed, as: UTF8.self)
                == #"{"a":"x\"y\\z\u000a\u000d\u0000\u001få"# + "\u{2028}" + #"","b":["1","2"],"c":-7}"#)
    }

    @Test func `every kind of deviation has a name of its own`() {
        #expect(Set(Deviation.Kind.allCases.map(\.rawValue)).count == Deviation.Kind.allCases.count)
    }
}
