import Foundation
import Providers

/// A throw-away PKI made with the openssl command line in a temporary folder, read into memory, and deleted again.
struct TestPKI: Sendable {
    /// The simulators' side: a server certificate for `localhost`, trusting the client's issuer.
    let server: ProviderCredentials
    /// The same with a certificate for another host name.
    let serverOfAnotherHost: ProviderCredentials
    /// The gateway's side: a client certificate, trusting the servers' issuer.
    let client: ProviderCredentials
    /// The same with another key and certificate.
    let renewedClient: ProviderCredentials
    /// A gateway that trusts another issuer than the servers'.
    let clientOfAnotherTrust: ProviderCredentials
    /// A gateway whose certificate comes from an issuer that the servers do not trust.
    let strangeClient: ProviderCredentials

    /// Made once: a key pair takes a while.
    static let shared: TestPKI = {
        do {
            return try TestPKI()
        } catch {
            preconditionFailure("openssl could not make the test certificates: \(error)")
        }
    }()

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "providers-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func run(_ arguments: String) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
            process.currentDirectoryURL = folder
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        }
        func issuer(_ name: String) throws {
            try run(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(name) -keyout \(name).key -out \(name).pem"
            )
        }
        func certificate(_ name: String, by issuer: String, _ alternativeName: String) throws {
            try Data("subjectAltName=\(alternativeName)\n".utf8).write(to: folder.appendingPathComponent("\(name).ext"))
            try run(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -keyout \(name).key -out \(name).csr"
            )
            try run(
                "x509 -req -days 2 -in \(name).csr -CA \(issuer).pem -CAkey \(issuer).key -CAcreateserial -extfile \(name).ext -out \(name).pem"
            )
        }
        func bytes(_ file: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
        }
        func credentials(_ name: String, trusting issuer: String) throws -> ProviderCredentials {
            ProviderCredentials(
                certificateChain: try bytes("\(name).pem"), privateKey: try bytes("\(name).key"),
                anchors: try bytes("\(issuer).pem"))
        }
        try issuer("issuer")
        try issuer("stranger")
        try certificate("server", by: "issuer", "DNS:localhost,IP:127.0.0.1")
        try certificate("elsewhere", by: "issuer", "DNS:elsewhere.example")
        try certificate("client", by: "issuer", "DNS:gateway.example")
        try certificate("renewed", by: "issuer", "DNS:gateway.example")
        try certificate("intruder", by: "stranger", "DNS:gateway.example")
        self.server = try credentials("server", trusting: "issuer")
        self.serverOfAnotherHost = try credentials("elsewhere", trusting: "issuer")
        self.client = try credentials("client", trusting: "issuer")
        self.renewedClient = try credentials("renewed", trusting: "issuer")
        self.clientOfAnotherTrust = try credentials("client", trusting: "stranger")
        self.strangeClient = try credentials("intruder", trusting: "issuer")
    }
}
