import ArgumentParser
import Foundation
import Trust

/// The trust that `verify` and `verify-certificate` decide with, when it is not the configured one.
struct TrustOptions: ParsableArguments {
    @Option(help: "Anchors, PEM; repeatable.") var trust: [String] = []
    @Option(help: "Revocation lists, PEM; repeatable. Without any, revocation is not checked.") var crl: [String] = []
    @Option(help: "The time to decide for: RFC 3339, or seconds since 1970; default now.") var at: String?
    @Option(help: "Acceptable policy OID; repeatable; default any.") var policy: [String] = []
    @Flag(help: "Require an explicit policy.") var explicitPolicy = false
    @Flag(help: "Inhibit policy mapping.") var inhibitMapping = false
    @Flag(help: "Inhibit anyPolicy.") var inhibitAny = false

    func validate() throws {
        if let at, Self.seconds(at) == nil { throw ValidationError("--at must be a time such as 2026-01-31T12:00:00Z") }
    }

    /// Seconds since 1970.
    var instant: Int64 { self.at.flatMap(Self.seconds) ?? Int64(Date().timeIntervalSince1970) }

    /// A verifier of exactly these anchors and lists.
    ///
    /// - Parameter configured: what holds where the command line says nothing.
    func verifier(_ configured: TrustPolicy = TrustPolicy()) throws -> CertificateVerifier {
        var policy = configured
        policy.requiresRevocation = !self.crl.isEmpty
        if self.explicitPolicy { policy.requiresExplicitPolicy = true }
        if self.inhibitMapping { policy.inhibitsPolicyMapping = true }
        if self.inhibitAny { policy.inhibitsAnyPolicy = true }
        if !self.policy.isEmpty { policy.initialPolicies = self.policy }
        do {
            return try CertificateVerifier(
                anchors: try self.trust.flatMap { try CertificateFile.list($0) },
                revocationLists: try self.crl.flatMap { path in
                    try PEMFiles.bytes(path).flatMap { try RevocationList.list(pem: $0) }
                },
                policy: policy
            )
        } catch let error as LibCryptoError {
            throw ExitWith.failure("\(error)")
        }
    }

    static func seconds(_ text: String) -> Int64? {
        if let seconds = Int64(text) { return seconds }
        return (try? Date(text, strategy: .iso8601)).map { Int64($0.timeIntervalSince1970) }
    }
}

/// Certificates in a file, PEM or DER.
enum CertificateFile {
    static func list(_ path: String) throws -> [Certificate] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ExitWith.failure("\(path): not readable")
        }
        let bytes = [UInt8](data)
        do throws(LibCryptoError) {
            let isPEM = data.range(of: Data("-----BEGIN".utf8)) != nil
            return isPEM ? try Certificate.list(pem: bytes) : [try Certificate(der: bytes)]
        } catch {
            throw ExitWith.failure("\(path): not a certificate")
        }
    }
}
