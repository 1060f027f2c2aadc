import Foundation
import Gateway
import Testing
import Trust

/// `Certificates/set.sh`, with which staff makes the sets that the gateway takes over.
struct CertificateSetScriptTests {
    private let folder: TemporaryFolder

    init() throws {
        let pki = try DevelopmentPKI.shared()
        self.folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: pki.set, toPath: self.folder.file("0001"))
        try self.succeed("use", "0001")
    }

    private func run(_ arguments: String...) throws -> Tool.Output {
        try Tool.run(["\(Tool.repository)/Certificates/set.sh", self.folder.path] + arguments)
    }

    @discardableResult
    private func succeed(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let output = try Tool.run(["\(Tool.repository)/Certificates/set.sh", self.folder.path] + arguments)
        try #require(output.succeeded, "\(output.errorText)", sourceLocation: sourceLocation)
        return output.text
    }

    private func number() throws -> Int {
        try TrustSnapshot.load(directory: self.folder.path, role: .correlator, at: now()) { _ in PartyRegister() }
            .number
    }

    @Test func `new, seal and use make the next set the one in use`() throws {
        #expect(try self.number() == 1)
        #expect(try self.succeed("new") == "0002\n")
        #expect(try self.succeed("list") == "* 0001 sealed\n  0002 open\n")
        // Open, it cannot be used, and the gateway would not take it either.
        #expect(try self.run("use", "0002").status == 1)
        #expect(try self.number() == 1)
        try self.succeed("seal", "0002")
        try self.succeed("use", "0002")
        #expect(try self.succeed("list") == "  0001 sealed\n* 0002 sealed\n")
        #expect(try self.number() == 2)
        try self.succeed("use", "0001")
        #expect(try self.number() == 1)
        // The next number is never one that was there.
        #expect(try self.succeed("new") == "0003\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: self.folder.path).sorted() == [
                "0001", "0002", "0003", "current",
            ])
    }

    @Test func `a set that was changed after it was sealed is not put to use`() throws {
        for (file, isNew) in [("parties.yaml", false), ("further", true)] {
            let number = try self.succeed("new").trimmingCharacters(in: .newlines)
            try self.succeed("seal", number)
            try self.folder.write([0x41], to: "\(number)/\(file)")
            let output = try self.run("use", number)
            #expect(output.status == 1)
            #expect((output.errorText + output.text).contains(isNew ? "further" : "parties.yaml"))
            #expect(try self.number() == 1)
        }
    }

    @Test func `a key that others may use, and a file that is none, are not sealed`() throws {
        let number = try self.succeed("new").trimmingCharacters(in: .newlines)
        let key = self.folder.file("\(number)/node/tls-server/1.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        #expect(try self.run("seal", number).errorText.contains("node/tls-server/1.key"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        try FileManager.default.createSymbolicLink(
            atPath: self.folder.file("\(number)/crls/link.pem"), withDestinationPath: "signer-root.pem")
        #expect(try self.run("seal", number).errorText.contains("crls/link.pem"))
        try FileManager.default.removeItem(atPath: self.folder.file("\(number)/crls/link.pem"))
        try self.succeed("seal", number)
    }

    @Test func `what makes no sense is refused with the usage or the reason`() throws {
        #expect(try self.run("new", "0002").status == 64)
        #expect(try self.run("sell", "0001").status == 64)
        #expect(try self.run("use").status == 64)
        #expect(try self.run("use", "0009").status == 1)
        #expect(try self.run("use", "../0001").status == 1)
        #expect(try self.run("seal", "current").status == 1)
        #expect(try Tool.run(["\(Tool.repository)/Certificates/set.sh", "/nowhere", "list"]).status == 1)
    }
}
