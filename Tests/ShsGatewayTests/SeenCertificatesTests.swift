import Foundation
import Testing
import Trust

@testable import shs_gateway

/// The certificates that peers have shown lately: kept, found again, forgotten in time.
struct SeenCertificatesTests {
    private static let label = "CERTIFICATE-----"
    private let folder: TestFolder

    init() throws { self.folder = try TestFolder() }

    private func shown(_ byte: UInt8, _ purpose: CertificatePurpose = .client) -> ShownCertificate {
        ShownCertificate(
            purpose: purpose, chain: [[UInt8](repeating: byte, count: 700), [byte]],
            serverName: purpose == .server ? "csn.example" : nil)
    }

    @Test(arguments: CertificatePurpose.allCases)
    func `what is written is read again`(purpose: CertificatePurpose) {
        let shown = self.shown(7, purpose)
        #expect(SeenFile.read(Array(SeenFile.text(of: shown).utf8)) == shown)
    }

    @Test(arguments: [
        "", "# client\n", "# nobody\nBEGIN\nAAAA\nEND\n", "BEGIN\nAAAA\nEND\n", "# client\nBEGIN\n!!!!\nEND\n",
        "# client\nBEGIN\nAAAA\n",
    ])
    func `a file that is none is not read`(text: String) {
        let file = text.replacing("BEGIN", with: "-----BEGIN \(Self.label)").replacing(
            "END", with: "-----END \(Self.label)")
        #expect(SeenFile.read(Array(file.utf8)) == nil)
        // The words are the right ones.
        let good = "# client\n-----BEGIN \(Self.label)\nAAAA\n-----END \(Self.label)\n"
        #expect(SeenFile.read(Array(good.utf8)) != nil)
    }

    @Test func `what was noted is there after the flush, once for each purpose`() throws {
        let seen = SeenCertificates(stateDirectory: self.folder.path)
        for shown in [self.shown(1), self.shown(1), self.shown(2), self.shown(1, .signer)] { seen.note(shown) }
        #expect(seen.all() == [])
        seen.flush()
        #expect(Set(seen.all()) == [self.shown(1), self.shown(2), self.shown(1, .signer)])
        let mode = try FileManager.default.attributesOfItem(atPath: self.folder.file("seen"))[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test func `what nobody has shown for 90 days is forgotten, and what was shown again is not`() {
        let seen = SeenCertificates(stateDirectory: self.folder.path)
        seen.note(self.shown(1))
        seen.flush()
        seen.tidy(now: Date() + 89 * 86_400)
        #expect(seen.all().count == 1)
        seen.tidy(now: Date() + 91 * 86_400)
        #expect(seen.all().count == 0)
    }

    @Test func `the last shown comes first, and broken files are passed over`() throws {
        let seen = SeenCertificates(stateDirectory: self.folder.path)
        for byte: UInt8 in 1...2 {
            seen.note(self.shown(byte))
            seen.flush()
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: self.folder.file("seen"))
        let first = try #require(files.first { $0.contains(self.shown(1).fingerprint ?? "-") })
        try FileManager.default.setAttributes(
            [.modificationDate: Date() - 3_600], ofItemAtPath: self.folder.file("seen/\(first)"))
        try self.folder.write("rubbish", to: "seen/client-x.pem")
        #expect(seen.all() == [self.shown(2), self.shown(1)])
        // Shown again: it gets a new time.
        try FileManager.default.setAttributes(
            [.modificationDate: Date() - 7_200], ofItemAtPath: self.folder.file("seen/\(first)"))
        seen.note(self.shown(1))
        seen.flush()
        let date = try FileManager.default.attributesOfItem(atPath: self.folder.file("seen/\(first)"))[
            .modificationDate]
        #expect((date as? Date).map { Date().timeIntervalSince($0) < 600 } == true)
    }

    @Test func `a folder that cannot be written stops nothing`() throws {
        let file = try self.folder.write("", to: "file")
        let seen = SeenCertificates(stateDirectory: file)
        seen.note(self.shown(1))
        seen.flush()
        #expect(seen.all() == [])
    }
}
