import Foundation
import Gateway
import Testing
import Trust

/// How a set shows that it is complete, and how the one in use is found.
struct SetOnDiskTests {
    private let pki: DevelopmentPKI

    init() throws { self.pki = try DevelopmentPKI.shared() }

    /// The problems of a complete copy that is changed afterwards.
    private func problems(_ change: (SetCopy) throws -> Void) throws -> [TrustProblem] {
        let copy = try SetCopy(of: self.pki)
        try copy.seal()
        try change(copy)
        return try copy.problems()
    }

    @Test func `a set without a manifest is none`() throws {
        #expect(
            try self.problems { try $0.remove("manifest") } == [TrustProblem(file: "current", reason: .noSet)])
    }

    @Test func `a missing, a changed and a further file are told together`() throws {
        let problems = try self.problems {
            try $0.remove("crls/signer-root.pem")
            try $0.write($0.read("anchors/clients.pem") + [0x0A], to: "anchors/clients.pem")
            try $0.write([], to: "anchors/clients.pem~")
            try $0.write([], to: ".hidden/file")
        }
        #expect(
            Set(problems) == [
                TrustProblem(file: "crls/signer-root.pem", reason: .missing),
                TrustProblem(file: "anchors/clients.pem", reason: .changed),
                TrustProblem(file: "anchors/clients.pem~", reason: .unlisted),
                TrustProblem(file: ".hidden/file", reason: .unlisted),
            ])
    }

    @Test func `what is not a file is not read, be it a folder, a pipe or a link to nowhere`() throws {
        let file = "anchors/clients.pem"
        for command in [["mkdir"], ["mkfifo"], ["ln", "-s", "/nowhere"]] {
            let problems = try self.problems {
                try $0.remove(file)
                #expect(try Tool.run(command + [$0.file(file)]).succeeded)
            }
            #expect(problems.map(\.file) == [file], "\(command)")
        }
    }

    @Test func `a file beyond the limit is not read`() throws {
        let problems = try self.problems {
            let handle = try FileHandle(forWritingTo: URL(filePath: $0.file("crls/signer-root.pem")))
            try handle.truncate(atOffset: 200 * 1_024 * 1_024)
        }
        #expect(
            problems == [
                TrustProblem(file: "crls/signer-root.pem", reason: .tooLarge(limit: 32 * 1_024 * 1_024))
            ])
    }

    /// Every way in which the manifest of a complete set is spoiled, with the line that is told.
    @Test(arguments: [
        ("", 1), ("# shs-gateway certificates 2\n", 1), ("# shs-gateway certificates 1", 1),
        ("# shs-gateway certificates 1\n", 2), ("# shs-gateway certificates 1\n\n", 2),
        ("# shs-gateway certificates 1\nabc  file\n", 2),
        ("# shs-gateway certificates 1\n\(hash) file\n", 2), ("# shs-gateway certificates 1\n\(hash)  \n", 2),
        ("# shs-gateway certificates 1\n\(hash)  ../file\n", 2),
        ("# shs-gateway certificates 1\n\(hash)  /etc/passwd\n", 2),
        ("# shs-gateway certificates 1\n\(hash)  a//b\n", 2), ("# shs-gateway certificates 1\n\(hash)  ./b\n", 2),
        ("# shs-gateway certificates 1\n\(hash)  manifest\n", 2),
        ("# shs-gateway certificates 1\n\(hash)  a\n\(hash)  a\n", 3),
        ("# shs-gateway certificates 1\n\(hash.uppercased())  a\n", 2),
        ("# shs-gateway certificates 1\n\(hash)  a\n\(hash)  b", 3),
        ("# shs-gateway certificates 1\n\\\(hash)  a\n", 2),
    ])
    func `a manifest of another form is refused with its line`(text: String, line: Int) throws {
        #expect(
            try self.problems { try $0.write(Array(text.utf8), to: "manifest") }
                == [TrustProblem(file: "manifest", reason: .malformedManifest(line: line))])
    }

    @Test func `every cut and every flipped byte of a manifest is refused`() throws {
        let copy = try SetCopy(of: self.pki)
        // Keys of other roles are not read, so neither are their digests.
        for role in ["ingress", "worker", "correlator"] { try copy.remove("node/broker-client/\(role)") }
        try copy.seal()
        let whole = try copy.read("manifest")
        for length in stride(from: 0, to: whole.count, by: 37) {
            try copy.write(Array(whole.prefix(length)), to: "manifest")
            #expect(try !copy.problems().isEmpty, "\(length)")
        }
        for index in stride(from: 0, to: whole.count, by: 31) {
            var flipped = whole
            flipped[index] ^= 1
            try copy.write(flipped, to: "manifest")
            #expect(try !copy.problems().isEmpty, "\(index)")
        }
    }

    /// A folder of sets with one of its own.
    private func sets() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["0001", "0012"] {
            try FileManager.default.copyItem(atPath: self.pki.set, toPath: folder.file(name))
        }
        return folder
    }

    private func number(_ folder: String) throws -> Int {
        try TrustSnapshot.load(directory: folder, role: .correlator, at: now()) { _ in PartyRegister() }.number
    }

    private func link(_ target: String, in folder: TemporaryFolder) throws {
        try? FileManager.default.removeItem(atPath: folder.file("current"))
        try FileManager.default.createSymbolicLink(atPath: folder.file("current"), withDestinationPath: target)
    }

    @Test func `the link names the set and the folder's name is its number`() throws {
        let folder = try self.sets()
        try self.link("0012", in: folder)
        #expect(try self.number(folder.path) == 12)
        try self.link("0001/", in: folder)
        #expect(try self.number(folder.path) == 1)
        // A set named itself, by its folder or by the link.
        #expect(try self.number(folder.file("0012")) == 12)
        #expect(try self.number(folder.file("current")) == 1)
        #expect(try CertificateSetLocation(in: folder.path).path == folder.file("0001"))
    }

    @Test func `a link to anything but a numbered set beside it is refused`() throws {
        let folder = try self.sets()
        for target in ["../\(folder.path)/0001", folder.file("0001"), "new", "", "."] where !target.isEmpty {
            try self.link(target, in: folder)
            let error = #expect(throws: TrustError.self) { try self.number(folder.path) }
            #expect(error?.problems == [TrustProblem(file: "current", reason: .noNumberedSet)], "\(target)")
        }
        try self.link("0002", in: folder)
        let error = #expect(throws: TrustError.self) { try self.number(folder.path) }
        #expect(error?.problems == [TrustProblem(file: "manifest", reason: .missing)])
        try FileManager.default.removeItem(atPath: folder.file("current"))
        let none = #expect(throws: TrustError.self) { try self.number(folder.path) }
        #expect(none?.problems == [TrustProblem(file: "current", reason: .noSet)])
    }
}

private let hash = String(repeating: "a1", count: 32)
