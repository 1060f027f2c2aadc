import SHS
import Testing

struct SignedEntityTests {
    private let der: [UInt8] = [0x30, 0x03, 0x02, 0x01, 0x05]
    private let content = Fixture.bytes("Content-Type: text/plain\r\n\r\nhej\n \r\nå\r\n")

    @Test func `what is written is read back byte for byte`() throws {
        let entity = try SignedEntityWriter.write(content: content, signature: der, boundary: "=_s")
        let expected = SignedEntity.Form.detached(content: content, signature: der)
        #expect(try SignedEntity.read(contentType: "message/rfc822", body: entity) == expected)
        #expect(try SignedEntity.read(contentType: "Multipart/Mixed; boundary=x", body: entity) == expected)
        #expect(try SignedEntity.read(contentType: "multipart/signed", body: entity) == expected)
        #expect(try SignedEntity.read(entity: entity) == expected)
    }

    @Test func `the signed type may stand on the request`() throws {
        let entity = try SignedEntityWriter.write(content: content, signature: der, boundary: "=_s")
        let part = try MIMEPart.read(entity[...], limits: MessageLimits())
        let type = String(decoding: try #require(part.headers.value("content-type")), as: UTF8.self)
        let expected = SignedEntity.Form.detached(content: content, signature: der)
        #expect(try SignedEntity.read(contentType: type, body: Array(part.body)) == expected)
        #expect(try SignedEntity.read(contentType: type, body: entity) == expected)
    }

    @Test(arguments: [
        "application/pkcs7-mime", "application/x-pkcs7-mime; smime-type=Signed-Data; name=a.p7m",
        "application/pkcs7-signature", "application/x-pkcs7-signature",
    ])
    func `an opaque signature on the request is DER, base64 or an entity`(type: String) throws {
        #expect(try SignedEntity.read(contentType: type, body: der) == .opaque(der))
        let base64 = Base64.encodeLines(der)
        #expect(try SignedEntity.read(contentType: type, body: base64 + [0x0A]) == .opaque(der))
        let entity = Fixture.bytes("Content-Type: \(type)\nContent-Transfer-Encoding: base64\n\n") + base64
        #expect(try SignedEntity.read(contentType: type, body: entity) == .opaque(der))
    }

    @Test(arguments: [
        nil, "", "text/plain", "application/json", "application/octet-stream", "multipart/related", "x",
        "message/rfc822; a=\"", "multipart/encrypted; boundary=b",
    ])
    func `other types of request are refused`(type: String?) {
        #expect(throws: Fault.wrongContentType) { try SignedEntity.read(contentType: type, body: der) }
    }

    @Test func `an unsigned message is told so`() throws {
        let message = try Fixture.message().serialized(boundary: "b")
        for type in ["message/rfc822", "multipart/mixed", "multipart/mixed; boundary=b"] {
            #expect(throws: Fault.signatureMissing) { try SignedEntity.read(contentType: type, body: message) }
        }
        #expect(throws: Fault.signatureMissing) {
            try SignedEntity.read(
                contentType: "multipart/mixed; boundary=b", body: Fixture.bytes("--b\r\n\r\n\r\n--b--"))
        }
        #expect(throws: Fault.signatureMissing) {
            try SignedEntity.read(contentType: "application/pkcs7-mime; smime-type=enveloped-data", body: der)
        }
    }

    @Test func `bytes that are nothing are refused`() {
        #expect(throws: Fault.brokenMIME) { try SignedEntity.read(contentType: "application/pkcs7-mime", body: [0xFF]) }
        #expect(throws: Fault.brokenMIME) { try SignedEntity.read(contentType: "message/rfc822", body: []) }
        #expect(throws: Fault.signatureMalformed) {
            try SignedEntity.read(contentType: "application/pkcs7-mime", body: [])
        }
    }

    @Test func `bare LF becomes CRLF and nothing else changes`() {
        #expect(
            SignedEntity.canonicalised(Fixture.bytes("\na\r\nb\n\n\rc\r")) == Fixture.bytes("\r\na\r\nb\r\n\r\n\rc\r"))
    }

    @Test func `every truncation is a fault`() throws {
        let entity = try SignedEntityWriter.write(content: content, signature: der, boundary: "=_s")
        for length in 0..<(entity.count - 2) {
            #expect(throws: Fault.self) {
                try SignedEntity.read(contentType: "message/rfc822", body: Array(entity[..<length]))
            }
        }
    }

    @Test func `every byte changed once is a fault or as much content`() throws {
        let entity = try SignedEntityWriter.write(content: content, signature: der, boundary: "=_s")
        for index in entity.indices {
            for mask: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
                var changed = entity
                changed[index] ^= mask
                guard let form = try? SignedEntity.read(contentType: "message/rfc822", body: changed),
                    case .detached(let found, let signature) = form
                else { continue }
                #expect(found.count == content.count || found.count == content.count + 1, "byte \(index)")
                #expect(signature.first == 0x30)
            }
        }
    }
}
