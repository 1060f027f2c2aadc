import Foundation
import Gateway
import Testing
import Trust

/// What `certificates list` and the warnings of expiry are made from.
struct InventoryTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    @Test func `everything of a set is listed once with its file and its dates`() throws {
        let inventory = try self.pki.snapshot(at: now()).inventory
        let counts = Dictionary(inventory.map { ($0.kind, 1) }, uniquingKeysWith: +)
        #expect(
            counts == [
                .server: 1, .replySigner: 1, .recordSigner: 1, .providerClient: 1, .brokerClient: 1, .anchor: 5,
                .intermediate: 2, .revocationList: 5,
            ])
        #expect(Set(inventory.map(\.fingerprint)).count == inventory.count)
        for entry in inventory {
            #expect(FileManager.default.fileExists(atPath: self.pki.path(entry.file)), "\(entry.file)")
            let isList = entry.kind == .revocationList
            let told = try Tool.openssl(
                isList ? "crl" : "x509", "-in", self.pki.path(entry.file), "-noout", "-fingerprint", "-sha256",
                isList ? "-lastupdate" : "-startdate", isList ? "-nextupdate" : "-enddate"
            ).text.split(separator: "\n")
            #expect(told[0].replacing(":", with: "").lowercased().hasSuffix(entry.fingerprint))
            #expect(parseOpenSSLDate(String(told[1])) == entry.notBefore)
            #expect(parseOpenSSLDate(String(told[2])) == entry.notAfter)
        }
    }

    @Test func `a role lists its own certificates and no others`() throws {
        let own = try self.pki.snapshot(role: .correlator, at: now()).inventory.filter(\.kind.isOwn)
        #expect(own.map(\.kind) == [.replySigner, .recordSigner, .brokerClient])
        #expect(own.first?.subject.contains("CN=shs-gateway svar") == true)
    }

    @Test func `the authorities behind an own certificate are listed as such`() throws {
        let root = try TestAuthority(subject: "/CN=Root")
        let issuing = try TestAuthority(subject: "/CN=Issuing", parent: root)
        let leaf = try issuing.issue(subject: "/CN=leaf", extensions: TestAuthority.signerUsage)
        let copy = try SetCopy(of: self.pki)
        try copy.add(leaf, as: "node/reply-signing/2", followedBy: [issuing])
        try copy.seal()
        let entries = try copy.load(.correlator).inventory.filter { $0.file == "node/reply-signing/2.crt" }
        #expect(entries.map(\.kind) == [.replySigner, .ownAuthority])
        #expect(entries.map(\.subject) == ["CN=leaf", "CN=Issuing"])
    }
}
