import SHS
import Testing

/// Messages that the tests build in code; all numbers are invented.
enum Fixture {
    static let productText = "urn:X-shs:00000000-0000-0000-0000-00000000e001"

    static func label(entries: Int = 1) throws -> Label {
        Label(
            txID: "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01", corrID: "k-1", agreement: "avtal-1", transferType: .synch,
            sequenceType: .request, status: .test,
            originator: Label.EndPoint(urn: "mailto:kurt@example.com", name: "Kurt"),
            from: Label.Actor(
                address: try #require(PartyAddress("urn:X-shs:0000000000")), commonName: "Östra Kommunen",
                email: "a@example.com"),
            to: Label.Actor(address: try #require(PartyAddress("1111111111.box1")), commonName: "Myndighet & Co"),
            endRecipient: Label.EndPoint(urn: "orgno:5555555555"),
            product: Label.Product(id: try #require(ProductID(self.productText)), commonName: "Prov"),
            meta: [Label.Meta(name: "ärende", value: "A-17\nrad 2"), Label.Meta(name: "b", value: "")],
            subject: "Prov <1> € \"x\"", datetime: "2026-01-02T03:04:05",
            content: Label.Content(
                contentID: "c-1", kind: .data((0..<entries).map { DataEntry(datapartType: "ssbtek-\($0)") }),
                comment: "ok"))
    }

    static func message(parts: Int = 1, size: Int = 60) throws -> Message {
        var message = Message(label: try self.label(entries: parts), parts: [])
        for number in 0..<parts {
            let content =
                Array("<fraga nr=\"\(number)\">\n\r\n".utf8) + (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            message.parts.append(
                DataPart(
                    entry: DataEntry(
                        datapartType: "ssbtek-\(number)", filename: "fråga \(number).xml", byteCount: content.count),
                    contentType: "text/xml; charset=UTF-8", content: content))
        }
        message.label.content.kind = .data(message.parts.map(\.entry))
        return message
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// The text with CRLF for LF.
    static func crlf(_ text: String) -> [UInt8] { SignedEntity.canonicalised(Array(text.utf8)) }
}
