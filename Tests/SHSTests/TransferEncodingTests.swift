import SHS
import Testing

struct TransferEncodingTests {
    @Test func `base64 is read back from lines of 76 characters with CRLF`() {
        for length in [0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 1000] {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let encoded = Base64.encodeLines(bytes)
            #expect(Base64.decode(encoded[...]) == bytes)
            let lines = String(decoding: encoded, as: UTF8.self).split(separator: "\r\n")
            #expect(lines.allSatisfy { $0.utf8.count <= 76 })
            #expect(lines.dropLast().allSatisfy { $0.utf8.count == 76 })
        }
    }

    @Test(arguments: [
        "a", "ab", "abc", "ab=", "ab==c", "=", "====", "abc=d", "YQ=", "YQ===", "YR==", "YWK=", "Y Q==", "YQ==\u{0}",
        "-_==",
    ])
    func `base64 that is not exactly right is refused`(text: String) {
        #expect(Base64.decode(Array(text.utf8)[...]) == nil)
    }

    @Test func `base64 may have line ends anywhere`() {
        #expect(Base64.decode(Fixture.bytes("\r\nY\nQ\r\n=\n=\n")[...]) == [0x61])
    }

    @Test(arguments: [
        ("a=3Db=\r\nc\r\n", "a=bc\r\n"), ("=c3=A5  \r\n", "å\r\n"), ("x\n", "x\n"), ("a =\nb", "a b"), ("", ""),
        ("=3D", "="), ("a= \r\nb", "ab"),
    ])
    func `quoted-printable is decoded`(text: String, expected: String) throws {
        let part = try self.part(text)
        #expect(try part.content() == Fixture.bytes(expected))
    }

    @Test(arguments: ["=", "=3", "=XY", "a=", "=\r"])
    func `quoted-printable that is broken is refused`(text: String) throws {
        let part = try self.part(text)
        #expect(throws: Fault.brokenMIME) { try part.content() }
    }

    private func part(_ text: String) throws -> MIMEPart {
        let head = "Content-Transfer-Encoding: Quoted-Printable;\r\n\r\n"
        return try MIMEPart.read(Fixture.bytes(head + text)[...], limits: MessageLimits())
    }
}
