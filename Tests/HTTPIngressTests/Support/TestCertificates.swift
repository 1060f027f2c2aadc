import Foundation

/// A throw-away PKI, made with `openssl` in a temporary folder once per test run and removed when the process ends.
///
/// `root` issues `server`, `client`, `stranger`, and `intermediate`, which issues `indirect` (file with its chain).
struct TestCertificates: Sendable {
    let folder: String

    static let shared = Task { try await TestCertificates() }

    private init() async throws {
        let folder = NSTemporaryDirectory() + "/ingress-tests-\(ProcessInfo.processInfo.processIdentifier)"
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        atexit {
            try? FileManager.default.removeItem(
                atPath: NSTemporaryDirectory() + "/ingress-tests-\(ProcessInfo.processInfo.processIdentifier)"
            )
        }
        try await self.make("root", extensions: "basicConstraints=critical,CA:TRUE", issuer: nil)
        try await self.make("intermediate", extensions: "basicConstraints=critical,CA:TRUE", issuer: "root")
        try await self.make("server", extensions: "subjectAltName=DNS:localhost,IP:127.0.0.1", issuer: "root")
        for name in ["client", "stranger"] {
            try await self.make(name, extensions: "extendedKeyUsage=clientAuth", issuer: "root")
        }
        try await self.make("indirect", extensions: "extendedKeyUsage=clientAuth", issuer: "intermediate")
        let chain = try self.bytes("indirect.pem") + self.bytes("intermediate.pem")
        try Data(chain).write(to: URL(fileURLWithPath: self.path("indirect.pem")))
    }

    func path(_ file: String) -> String { self.folder + "/" + file }

    func bytes(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: self.path(file))))
    }

    private func make(_ name: String, extensions: String, issuer: String?) async throws {
        let new = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/C=SE/O=Test/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).pem",
            "-addext", extensions,
        ]
        let signed = issuer.map { ["-CA", "\($0).pem", "-CAkey", "\($0).key"] } ?? []
        let result = try await Tool.run(new + signed, in: self.folder)
        guard result.status == 0 else { throw TestError("openssl req \(name): \(result.errors)") }
        let der = try await Tool.run(
            ["openssl", "x509", "-in", "\(name).pem", "-outform", "DER", "-out", "\(name).der"], in: self.folder
        )
        guard der.status == 0 else { throw TestError("openssl x509 \(name): \(der.errors)") }
    }
}

struct TestError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
