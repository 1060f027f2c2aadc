import SHS
import Testing

struct MIMEPartTests {
    private func read(_ text: String) throws -> MIMEPart {
        try MIMEPart.read(text.unicodeScalars.map { UInt8($0.value) }[...], limits: MessageLimits())
    }

    @Test func `headers are unfolded and found in any case`() throws {
        let part = try self.read("CONTENT-type: Text/XML;\r\n\tName=\"a \\\"b\\\"; c.xml\"\nX-Other:y\r\n\r\nbody\n")
        #expect(part.mediaType == "text/xml")
        #expect(part.filename == "a \"b\"; c.xml")
        #expect(part.headers.value("x-other") == Fixture.bytes("y"))
        #expect(Array(part.body) == Fixture.bytes("body\n"))
    }

    @Test func `without a content type it is text`() throws {
        let part = try self.read("\n\nx")
        #expect(part.mediaType == "text/plain")
        #expect(part.transferEncoding == .sevenBit)
        #expect(part.filename == nil)
    }

    @Test(
        arguments: [
            ("attachment; filename=f.txt", "f.txt"), ("attachment;", nil),
            ("attachment; ; filename = f.txt ;", "f.txt"),
            ("attachment; filename=r\u{E4}k smörgås (1).txt", "räk smörgås (1).txt"),
            ("attachment; filename=\"r\u{E4}k.txt\"", "räk.txt"),
            ("attachment; filename=\u{C3}\u{A5}.txt", "å.txt"), ("attachment; filename*=UTF-8''%c3%A5.txt", "å.txt"),
            ("attachment; filename*=iso-8859-1'sv'%E5.txt", "å.txt"), ("attachment; filename*=%E5", nil),
            ("attachment; filename=\"open", nil),
        ] as [(String, String?)])
    func `file names are read as nodes write them`(value: String, expected: String?) throws {
        #expect(try self.read("Content-Disposition: \(value)\r\n\r\n").filename == expected)
    }

    @Test(arguments: ["*/*", "*/*;", "text/xml; charset=us-ascii; name=error.xml;;", "application/vnd.x+xml"])
    func `odd content types are accepted`(value: String) throws {
        #expect(throws: Never.self) { try self.read("Content-Type: \(value)\r\n\r\n") }
    }

    @Test(arguments: [
        "", "text", "text/", "/xml", "text/xml/x", "text/xml (x)", "te xt/xml", "text/xml; charset",
        "text/xml; a=1; A=2", "text/xml; =x", "text/xml; \"a\"=b",
    ])
    func `content types that can be read in two ways are refused`(value: String) {
        #expect(throws: Fault.brokenMIME) { try self.read("Content-Type: \(value)\r\n\r\n") }
    }

    @Test func `the line end before a delimiter belongs to the delimiter`() throws {
        for (end, content) in [("\r\n", "a\r\n"), ("\n", "a\n"), ("\r\n", "a\n"), ("\n", "a\r\n"), ("\r\n", "")] {
            let text = "Content-Type: multipart/mixed; boundary=b\n\npre\n--b \t\r\n\r\n\(content)\(end)--b--"
            let parts = try self.read(text).parts(limits: MessageLimits())
            #expect(parts.map { Array($0.body) } == [Fixture.bytes(content)])
        }
    }

    @Test func `a part of headers only is an empty part`() throws {
        let part = try self.read("Content-Type: multipart/mixed; boundary=b\n\n--b\nX: y\n--b\n\n--b--\n")
        let parts = try part.parts(limits: MessageLimits())
        #expect(parts.map(\.body.count) == [0, 0])
        #expect(parts[0].headers.value("x") == Fixture.bytes("y"))
    }

    @Test func `a boundary may have all the characters that RFC 2046 allows`() throws {
        let boundary = "gc0p4Jq0M2Yt08j34c0p='()+_,-./:=? x"
        let part = try self.read(
            "Content-Type: multipart/mixed; boundary=\"\(boundary)\"\n\n--\(boundary)\n\nx\n--\(boundary)--")
        #expect(try part.parts(limits: MessageLimits()).count == 1)
    }
}
