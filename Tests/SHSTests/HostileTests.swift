import Foundation
import SHS
import Testing

/// Each file in Hostile/ is one input; its name starts with the fault that it gets, or with `accepted`.
struct HostileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Hostile")

    @Test(arguments: try names("Message"))
    func `a hostile message gets its fault`(name: String) throws {
        let bytes = try Self.bytes("Message", name)
        let (verdict, time) = Self.verdict { _ = try Message.read(bytes) }
        #expect(verdict == Self.expected(name))
        #expect(time < .seconds(10))
    }

    @Test(arguments: try names("Signed"))
    func `a hostile signed entity gets its fault`(name: String) throws {
        let bytes = try Self.bytes("Signed", name)
        let (verdict, time) = Self.verdict {
            _ = try SignedEntity.read(contentType: "message/rfc822", body: bytes)
        }
        #expect(verdict == Self.expected(name))
        #expect(time < .seconds(10))
    }

    @Test func `the expected faults exist`() throws {
        let faults = Set(try (Self.names("Message") + Self.names("Signed")).map { Self.expected($0) })
        #expect(faults.subtracting(["accepted"]).allSatisfy { Fault(rawValue: $0) != nil })
        #expect(faults.count > 10)
    }

    @Test func `a file inside the tolerated ones is read as it is meant`() throws {
        let latin1 = try Message.read(Self.bytes("Message", "accepted--iso-8859-1-filename-raw.eml"))
        #expect(latin1.parts[0].filename == "bilåga ö.xml")
        #expect(latin1.parts[0].content == Fixture.bytes("<a/>"))
        let charset = try Message.read(
            Self.bytes("Message", "accepted--charset-of-the-part-contradicts-the-declaration.eml"))
        #expect(charset.label.subject == "å")
        let extra = try Message.read(
            Self.bytes("Message", "accepted--extra-part-that-the-label-does-not-list.eml"))
        #expect(extra.parts.count == 1)
        #expect(extra.unlistedPartCount == 1)
        let prefix = try Message.read(Self.bytes("Message", "accepted--prefix-in-another-case.eml"))
        #expect(prefix.label.from?.address.urn == "urn:X-shs:0000000000.box1")
        let quoted = try Message.read(Self.bytes("Message", "accepted--quoted-printable.eml"))
        #expect(quoted.parts[0].content == Fixture.bytes("<a>å </a>"))
    }

    private static func names(_ kind: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appendingPathComponent(kind).path)
        return names.filter { $0.hasSuffix(".eml") }.sorted()
    }

    private static func bytes(_ kind: String, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.folder.appendingPathComponent(kind).appendingPathComponent(name)))
    }

    private static func expected(_ name: String) -> String {
        name.firstRange(of: "--").map { String(name[..<$0.lowerBound]) } ?? name
    }

    private static func verdict(_ body: () throws -> Void) -> (String, Duration) {
        var verdict = "accepted"
        let time = ContinuousClock().measure {
            do { try body() } catch { verdict = (error as? Fault)?.rawValue ?? "another error" }
        }
        return (verdict, time)
    }
}
