import Foundation
import Testing
import Trust

/// An authority of a test that publishes revocation lists and OCSP answers, made with the openssl command line.
final class TestIssuer: Sendable {
    let folder: TestFolder
    let name: String
    private var certificateFile: String { self.folder.file("crt") }
    private var keyFile: String { self.folder.file("key") }

    init(_ name: String) throws {
        self.name = name
        self.folder = try TestFolder()
        try self.folder.write(
            "[req]\ndistinguished_name=d\n[d]\n[e]\nbasicConstraints=critical,CA:TRUE\n"
                + "keyUsage=critical,keyCertSign,cRLSign,digitalSignature\nsubjectKeyIdentifier=hash\n", to: "config")
        try openssl(
            "req", "-x509", "-new", "-config", self.folder.file("config"), "-extensions", "e", "-subj", "/CN=\(name)",
            "-days", "3650", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.keyFile,
            "-out", self.certificateFile)
    }

    func certificate() throws -> Certificate {
        try #require(try Certificate.list(pem: self.folder.read("crt")).first)
    }

    func der() throws -> [UInt8] {
        try openssl("x509", "-in", self.certificateFile, "-outform", "DER", "-out", self.folder.file("der"))
        return try self.folder.read("der")
    }

    /// A certificate of this authority in DER; `extensions` are lines of openssl configuration.
    func issue(_ name: String, extensions: String) throws -> [UInt8] {
        try self.folder.write("[req]\ndistinguished_name=d\n[d]\n[e]\n\(extensions)\n", to: "\(name).config")
        try openssl(
            "req", "-x509", "-new", "-config", self.folder.file("\(name).config"), "-extensions", "e", "-subj",
            "/CN=\(name)", "-days", "3650", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", self.folder.file("\(name).key"), "-out", self.folder.file("\(name).crt"), "-CA",
            self.certificateFile, "-CAkey", self.keyFile)
        try openssl(
            "x509", "-in", self.folder.file("\(name).crt"), "-outform", "DER", "-out", self.folder.file("\(name).der"))
        return try self.folder.read("\(name).der")
    }

    /// A list in DER; times are seconds since 1970.
    func list(
        number: Int, from start: Int64, until end: Int64, revoking serials: [String] = [], digest: String = "sha256",
        extensions: String = ""
    ) throws -> [UInt8] {
        let id = UUID().uuidString
        let entries = serials.map { "R\t391231235959Z\t250101000000Z\t\($0)\tunknown\t/CN=\($0)\n" }
        try self.folder.write(entries.joined(), to: "\(id).index")
        try self.folder.write(String(format: "%04X", number), to: "\(id).number")
        try self.folder.write(
            """
            [ca]
            default_ca=this
            [this]
            database=\(self.folder.file("\(id).index"))
            crlnumber=\(self.folder.file("\(id).number"))
            default_md=\(digest)
            crl_extensions=e
            [e]
            authorityKeyIdentifier=keyid:always
            \(extensions)
            """, to: "\(id).config")
        try openssl(
            "ca", "-gencrl", "-config", self.folder.file("\(id).config"), "-cert", self.certificateFile, "-keyfile",
            self.keyFile, "-crl_lastupdate", Self.time(start), "-crl_nextupdate", Self.time(end), "-out",
            self.folder.file("\(id).crl"))
        try openssl(
            "crl", "-in", self.folder.file("\(id).crl"), "-outform", "DER", "-out", self.folder.file("\(id).der"))
        return try self.folder.read("\(id).der")
    }

    /// An OCSP response about a certificate that was issued under this name, valid from now for a day.
    func answer(about name: String, revoked: Bool = false) throws -> [UInt8] {
        let id = UUID().uuidString
        let serial =
            try openssl("x509", "-in", self.folder.file("\(name).crt"), "-noout", "-serial")
            .split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        let entry =
            revoked
            ? "R\t391231235959Z\t250101000000Z\t\(serial)\tunknown\t/CN=x\n"
            : "V\t391231235959Z\t\t\(serial)\tunknown\t/CN=x\n"
        try self.folder.write(entry, to: "\(id).index")
        try openssl(
            "ocsp", "-index", self.folder.file("\(id).index"), "-CA", self.certificateFile, "-rsigner",
            self.certificateFile, "-rkey", self.keyFile, "-rmd", "sha256", "-noverify", "-no_nonce", "-ndays", "1",
            "-issuer", self.certificateFile, "-cert", self.folder.file("\(name).crt"), "-respout",
            self.folder.file("\(id).ocsp"))
        return try self.folder.read("\(id).ocsp")
    }

    private static func time(_ seconds: Int64) -> String {
        let text = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
        return String(text.filter { $0.isNumber }) + "Z"
    }
}

/// Runs openssl, expects it to succeed, and gives what it printed.
@discardableResult
func openssl(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments)", sourceLocation: sourceLocation)
    return String(decoding: data, as: UTF8.self)
}

/// A folder that goes when its owner goes.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.appending(path: "revocation-tests-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func file(_ name: String) -> String { "\(self.path)/\(name)" }
    func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: self.file(name)))) }
    func write(_ text: String, to name: String) throws { try self.write([UInt8](text.utf8), to: name) }
    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: self.file(name)), options: .atomic)
    }
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: self.path))?.sorted() ?? [] }
}

/// Seconds since 1970.
func now() -> Int64 { Int64(Date().timeIntervalSince1970) }
let hour: Int64 = 3_600
