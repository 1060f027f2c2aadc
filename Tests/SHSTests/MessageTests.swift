import SHS
import Testing

struct MessageTests {
    @Test func `what is written is read back the same`() throws {
        for parts in [1, 2, 10] {
            let message = try Fixture.message(parts: parts, size: 700)
            var read = try Message.read(message.serialized(boundary: "=_b-1"))
            #expect(read.parts.map(\.content) == message.parts.map(\.content))
            #expect(read.parts.map(\.filename) == message.parts.map(\.filename))
            #expect(read.label == message.label)
            #expect(read.unlistedPartCount == 0)
            for index in read.parts.indices { read.parts[index].transferEncoding = .base64 }
            #expect(read == message)
        }
    }

    @Test func `what is written has CRLF line ends only, and short lines outside the label`() throws {
        let bytes = try Fixture.message(parts: 3, size: 3000).serialized(boundary: "=_b-1")
        #expect(SignedEntity.canonicalised(bytes) == bytes)
        #expect(bytes.count { $0 == 0x0D } == bytes.count { $0 == 0x0A })
        let afterLabel = try #require(String(decoding: bytes, as: UTF8.self).split(separator: "</shs.label>").last)
        #expect(afterLabel.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
    }

    @Test func `the label of a usual message ends within the first 4096 bytes`() throws {
        let text = String(decoding: try Fixture.message(parts: 10).serialized(boundary: "=_b-1"), as: UTF8.self)
        let end = try #require(text.firstRange(of: "</shs.label>"))
        #expect(text.utf8.distance(from: text.startIndex, to: end.upperBound) < 4096)
    }

    @Test func `the label's content is written from the parts`() throws {
        var message = try Fixture.message(parts: 2)
        message.label.content = Label.Content(contentID: String(repeating: "c", count: 50), kind: .data([]))
        message.parts[0].entry.byteCount = 4711
        message.parts[1].content = []
        let read = try Message.read(message.serialized(boundary: "b"))
        #expect(read.label.content.contentID.utf8.count == 36)
        guard case .data(let entries) = read.label.content.kind else { throw Fault.labelMalformed }
        #expect(entries.map(\.byteCount) == [message.parts[0].content.count, nil])
        #expect(entries.map(\.datapartType) == ["ssbtek-0", "ssbtek-1"])
    }

    @Test func `nothing in a label or a file name can add a header line or a part`() throws {
        var message = try Fixture.message()
        message.parts[0].entry.filename = "a\"\r\nX-Evil: 1\r\n\r\n--b\r\n.xml"
        message.parts[0].contentType = "text/xml; x=\r\nX-Evil: 1"
        message.label.subject = "\r\n--b\r\nX-Evil: 1\r\n\r\n"
        let bytes = try message.serialized(boundary: "b")
        let read = try Message.read(bytes)
        #expect(read.parts.count == 1)
        #expect(read.unlistedPartCount == 0)
        #expect(read.label.subject == message.label.subject)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("\r\nX-Evil"))
    }

    @Test func `a data part that is a multipart is written as it stands`() throws {
        let inner = Fixture.crlf("--in\nContent-Type: text/plain\n\nhej\n--in--\n")
        var message = try Fixture.message(parts: 2)
        message.parts[0].contentType = "Multipart/Mixed; boundary=in"
        message.parts[0].content = inner
        let read = try Message.read(message.serialized(boundary: "=_b-1"))
        #expect(read.parts.map(\.content) == message.parts.map(\.content))
    }

    @Test(arguments: ["", "a ", "å", "a\r\nb", String(repeating: "x", count: 71)])
    func `a boundary that MIME does not allow is refused`(boundary: String) throws {
        let message = try Fixture.message()
        #expect(throws: Fault.brokenMIME) { try message.serialized(boundary: boundary) }
    }

    @Test func `every truncation is a fault`() throws {
        let bytes = try Fixture.message(parts: 2).serialized(boundary: "=_b-1")
        // The line end after the last delimiter is not needed.
        for length in 0..<(bytes.count - 2) {
            #expect(throws: Fault.self) { try Message.read(bytes[..<length]) }
        }
    }

    @Test func `every byte changed once is a fault or a message of as many parts`() throws {
        let bytes = try Fixture.message(parts: 2).serialized(boundary: "=_b-1")
        var accepted = 0
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
                var changed = bytes
                changed[index] ^= mask
                guard let message = try? Message.read(changed) else { continue }
                accepted += 1
                #expect(message.parts.count == 2 && message.unlistedPartCount == 0, "byte \(index)")
            }
        }
        #expect(accepted > 0)
    }

    @Test func `every byte removed or doubled is a fault or a message of as many parts`() throws {
        let bytes = try Fixture.message(parts: 2).serialized(boundary: "=_b-1")
        for index in bytes.indices {
            for change in [[], [bytes[index], bytes[index]]] {
                var changed = bytes
                changed.replaceSubrange(index...index, with: change)
                guard let message = try? Message.read(changed) else { continue }
                #expect(message.parts.count == 2 && message.unlistedPartCount == 0, "byte \(index)")
            }
        }
    }

    @Test func `limits are the caller's`() throws {
        let bytes = try Fixture.message(parts: 3).serialized(boundary: "=_b-1")
        #expect(throws: Fault.tooManyParts) { try Message.read(bytes, limits: MessageLimits(maximumParts: 3)) }
        #expect(throws: Fault.labelMalformed) { try Message.read(bytes, limits: MessageLimits(maximumLabelBytes: 500)) }
        #expect(throws: Fault.brokenMIME) { try Message.read(bytes, limits: MessageLimits(maximumHeaderBytes: 40)) }
        #expect(throws: Never.self) { try Message.read(bytes, limits: MessageLimits(maximumParts: 4)) }
    }
}
