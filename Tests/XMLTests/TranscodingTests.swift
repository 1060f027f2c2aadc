import Testing
import XML

struct TranscodingTests {
    private let expected = Array("<a>åäö</a>".utf8)

    private func latin1(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

    private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    @Test func `each encoding becomes UTF-8 without its declaration`() {
        #expect(transcodeToUTF8(expected) == expected)
        #expect(transcodeToUTF8([0xEF, 0xBB, 0xBF] + expected) == expected)
        #expect(transcodeToUTF8(Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>".utf8) + expected) == expected)
        #expect(transcodeToUTF8(Array("<?xml version=\"1.0\"?>".utf8) + expected) == expected)
        let declared = "<?xml version='1.0' encoding='ISO-8859-1' standalone='yes' ?>"
        #expect(transcodeToUTF8(latin1(declared + "<a>åäö</a>")) == expected)
        for big in [true, false] {
            let mark: [UInt8] = big ? [0xFE, 0xFF] : [0xFF, 0xFE]
            let text = "<?xml version='1.0' encoding='UTF-16'?><a>åäö</a>"
            #expect(transcodeToUTF8(mark + utf16(text, bigEndian: big)) == expected)
            #expect(transcodeToUTF8(utf16(text, bigEndian: big)) == expected)
        }
    }

    @Test func `windows-1252 has its own characters where ISO-8859-1 has controls`() {
        let body: [UInt8] = [0x3C, 0x61, 0x3E, 0x80, 0xE5, 0x3C, 0x2F, 0x61, 0x3E]
        #expect(
            transcodeToUTF8(Array("<?xml version='1.0' encoding='windows-1252'?>".utf8) + body)
                == Array("<a>€å</a>".utf8))
        #expect(
            transcodeToUTF8(Array("<?xml version='1.0' encoding='iso-8859-1'?>".utf8) + body)
                == Array("<a>\u{80}å</a>".utf8))
    }

    @Test(arguments: [
        "<?xml version='1.0' encoding='UTF-16'?><a/>", "<?xml version='1.0' encoding='x-unknown'?><a/>",
        "<?xml version='1.0' encoding='US-ASCII'?><a>å</a>", "<?xml encoding='UTF-8' version='1.0'?><a/>",
        "<?xml version='1.0' encoding='UTF-8'<a/>", "<?xml version='1.0' version='1.0'?><a/>", "<?xml ?><a/>",
    ])
    func `an unknown, contradictory or malformed declaration is refused`(text: String) {
        #expect(transcodeToUTF8(Array(text.utf8)) == nil)
    }

    @Test func `the fallback is used only when nothing is declared and it is not UTF-8`() {
        #expect(transcodeToUTF8(latin1("<a>åäö</a>")) == nil)
        #expect(transcodeToUTF8(latin1("<a>åäö</a>"), fallback: .latin1) == expected)
        #expect(transcodeToUTF8(expected, fallback: .latin1) == expected)
        #expect(transcodeToUTF8(latin1("<?xml version='1.0' encoding='utf-8'?><a>å</a>"), fallback: .latin1) == nil)
    }

    @Test func `half a UTF-16 character is refused`() {
        #expect(transcodeToUTF8([0xFE, 0xFF, 0x00]) == nil)
        #expect(transcodeToUTF8([0xFE, 0xFF, 0xD8, 0x00]) == nil)
    }
}
