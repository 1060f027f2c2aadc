import Foundation
import Gateway
import SHS
import Testing

/// Parties that are held to listed certificates, with overlap in time.
@Suite struct PinnedCertificateTests {
    private static let old = String(repeating: "a1", count: 32)
    private static let new = String(repeating: "b2", count: 32)

    private static func certificate(
        _ fingerprint: String, organisation: String? = nil, subject: String = "CN=x"
    ) -> CertificateIdentity {
        CertificateIdentity(
            subject: subject, subjectSerialNumber: organisation, commonName: nil, issuer: "CN=i", serialNumber: "01",
            fingerprint: fingerprint, notAfter: 0)
    }

    private func party(_ pins: [PinnedCertificate?]) -> Party {
        Party(
            organisation: "2120002411", name: "A", signers: ["CN=signerare"], transports: ["CN=transport"],
            certificates: pins.compactMap(\.self))
    }

    @Test func `a listed certificate is accepted from its first second to its last and no other one is`() {
        let party = self.party([
            PinnedCertificate(fingerprint: Self.old, until: 200), PinnedCertificate(fingerprint: Self.new, from: 100),
        ])
        for accepts in [party.signs, party.connects] {
            #expect(accepts(Self.certificate(Self.old), 0))
            #expect(accepts(Self.certificate(Self.old), 199))
            #expect(!accepts(Self.certificate(Self.old), 200))
            #expect(!accepts(Self.certificate(Self.new), 99))
            #expect(accepts(Self.certificate(Self.new), 100))
            #expect(accepts(Self.certificate(Self.new), .max))
            // The number and the registered subject are not enough any more.
            let other = String(repeating: "c3", count: 32)
            #expect(!accepts(Self.certificate(other, organisation: "162120002411"), 150))
            #expect(!accepts(Self.certificate(other, subject: "CN=signerare"), 150))
            #expect(!accepts(Self.certificate(other, subject: "CN=transport"), 150))
        }
    }

    @Test func `a listed certificate that names another organisation is that one's`() {
        let party = self.party([PinnedCertificate(fingerprint: Self.old)])
        #expect(party.signs(with: Self.certificate(Self.old, organisation: "2120002411"), at: 0))
        #expect(!party.signs(with: Self.certificate(Self.old, organisation: "2120001111"), at: 0))
    }

    @Test func `without a list the number or the registered subject decides`() {
        let party = self.party([])
        #expect(party.signs(with: Self.certificate(Self.old, organisation: "162120002411"), at: 0))
        #expect(party.signs(with: Self.certificate(Self.old, subject: "CN=signerare"), at: 0))
        #expect(!party.signs(with: Self.certificate(Self.old, subject: "CN=transport"), at: 0))
    }

    @Test func `the register asks at the time of the message`() throws {
        let register = try PartyRegister([
            self.party([PinnedCertificate(fingerprint: Self.old, from: 100, until: 200)])
        ])
        func fault(_ instant: Int64) -> Bool {
            let certificate = Self.certificate(Self.old)
            let result = register.authorise(
                from: "2120002411", signer: certificate, transport: certificate, at: instant)
            return result == .failure(.signerOfAnotherParty)
        }
        #expect([99, 100, 199, 200].map(fault) == [true, false, false, true])
    }

    @Test func `a supplier is held to its own list`() throws {
        let supplier = Self.certificate(Self.new, organisation: "5565317129")
        let register = try PartyRegister([
            Party(
                organisation: "2120002411", name: "A",
                certificates: [PinnedCertificate(fingerprint: Self.old)].compactMap(\.self), supplier: "5565317129"),
            Party(
                organisation: "5565317129", name: "L",
                certificates: [PinnedCertificate(fingerprint: Self.new, until: 50)].compactMap(\.self)),
        ])
        func accepts(_ instant: Int64) -> Bool {
            let result = register.authorise(
                from: "2120002411", signer: Self.certificate(Self.old), transport: supplier, at: instant)
            return (try? result.get()) != nil
        }
        #expect(accepts(49))
        #expect(!accepts(50))
    }

    @Test(arguments: [
        "", "a1", String(repeating: "a1", count: 31), String(repeating: "a1", count: 33),
        String(repeating: "g1", count: 32), String(repeating: "\u{0661}a", count: 32),
    ])
    func `what is no SHA-256 fingerprint is refused`(text: String) {
        #expect(PinnedCertificate(fingerprint: text) == nil)
    }

    @Test func `a fingerprint is read as openssl prints it`() {
        let printed = Array(repeating: "A1", count: 32).joined(separator: ":")
        #expect(PinnedCertificate(fingerprint: printed)?.fingerprint == Self.old)
    }

    @Test func `a time that ends before it begins is refused`() {
        #expect(PinnedCertificate(fingerprint: Self.old, from: 100, until: 100) == nil)
    }

    private func decoded(_ text: String) throws -> PinnedCertificate {
        try JSONDecoder().decode(PinnedCertificate.self, from: Data(text.utf8))
    }

    @Test func `days count from their beginning to their end and moments as they are`() throws {
        let days = try self.decoded(
            #"{"fingerprint": "\#(Self.old)", "from": "2026-01-30", "until": "2026-01-31"}"#)
        let beginning: Int64 = 1_769_731_200
        #expect(days.from == beginning)
        #expect(days.until == beginning + 2 * 86_400)
        let moments = try self.decoded(#"{"fingerprint": "\#(Self.old)", "until": "2026-01-30T00:00:01Z"}"#)
        #expect(moments.from == nil)
        #expect(moments.until == beginning + 1)
        #expect(try JSONDecoder().decode(PinnedCertificate.self, from: JSONEncoder().encode(days)) == days)
    }

    @Test(arguments: ["tomorrow", "2026-13-01", "31/1 2026", "", "2026-01-31T12:00:00"])
    func `a date of another form is an error of the file`(date: String) {
        #expect(throws: DecodingError.self) {
            try self.decoded(#"{"fingerprint": "\#(Self.old)", "from": "\#(date)"}"#)
        }
    }
}
