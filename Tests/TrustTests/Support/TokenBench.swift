import Foundation
import GatewayTestSupport
import Synchronization
import Testing
import Trust

/// A token with an RSA and an EC key, their certificates, and a clock that the test moves.
final class TokenBench: Sendable {
    let token: SoftToken
    let authority: TestAuthority.Files
    let certificates: [String: [UInt8]]
    let folder: TemporaryFolder
    private let events = Mutex<[TokenEvent]>([])
    private let offset = Mutex<Duration>(.zero)
    private let start = ContinuousClock.now

    init() async throws {
        let authority = try TestAuthority(subject: "/CN=Root")
        self.folder = try TemporaryFolder()
        self.authority = try TestAuthority.Files(authority, in: self.folder)
        var certificates: [String: [UInt8]] = [:]
        var keys: [SoftToken.Key] = []
        for (index, (name, kind)) in [("rsa", TestAuthority.rsa2048), ("ec", TestAuthority.p256)].enumerated() {
            let issued = try authority.issue(subject: "/CN=\(name)", extensions: TestAuthority.signerUsage, key: kind)
            certificates[name] = try issued.folder.read("crt")
            try Tool.openssl("pkcs8", "-topk8", "-nocrypt", "-in", issued.keyFile, "-out", self.folder.file(name))
            keys.append(SoftToken.Key(file: self.folder.file(name), label: name, id: "0\(index + 1)"))
        }
        self.certificates = certificates
        self.token = try await SoftToken(keys: keys)
    }

    var access: TokenAccess { self.access(pin: self.token.pin) }

    func access(pin: String?) -> TokenAccess {
        TokenAccess(
            modulePath: SoftToken.modulePath, pin: { pin.map { [UInt8]($0.utf8) } },
            report: { event in self.events.withLock { $0.append(event) } },
            now: { self.start + self.offset.withLock { $0 } })
    }

    func key(_ name: String) throws -> TokenKey { try TokenKey(uri: self.token.uri(name), access: self.access) }

    func signer(_ name: String) throws -> CMSSigner {
        try CMSSigner(
            certificatePEM: self.certificate(name), tokenURI: self.token.uri(name), access: self.access)
    }

    func certificate(_ name: String) throws -> [UInt8] { try #require(self.certificates[name]) }

    /// A file with a PIN; its path.
    @discardableResult
    func write(pin: String, to name: String = "pin", mode: Int = 0o600) throws -> String {
        let path = try self.folder.write([UInt8](pin.utf8), to: name)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    func pass(_ time: Duration) { self.offset.withLock { $0 += time } }

    /// What was reported since the last time.
    func reported() -> [TokenEvent.Kind] {
        self.events.withLock { events in
            defer { events = [] }
            return events.map(\.kind)
        }
    }

    /// Whether openssl takes `signature` for one by the certificate's key.
    func accepts(_ signature: [UInt8], over data: [UInt8], scheme: SignatureScheme, by name: String) throws -> Bool {
        let work = try TemporaryFolder()
        let certificate = try work.write(self.certificate(name), to: "crt")
        let key = try work.write(
            Tool.openssl("x509", "-in", certificate, "-pubkey", "-noout").standardOutput, to: "public")
        let digest =
            switch scheme {
            case .rsaPKCS1SHA256, .rsaPSSSHA256, .ecdsaP256SHA256: "sha256"
            case .rsaPKCS1SHA384, .rsaPSSSHA384, .ecdsaP384SHA384: "sha384"
            case .rsaPKCS1SHA512, .rsaPSSSHA512: "sha512"
            }
        let isPSS = [.rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512].contains(scheme)
        let padding = isPSS ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] : []
        return try Tool.run(
            ["openssl", "dgst", "-\(digest)", "-verify", key, "-signature", work.write(signature, to: "signature")]
                + padding + [work.write(data, to: "data")]
        ).succeeded
    }
}

extension TestAuthority {
    /// The authority's own certificate, as openssl takes it.
    struct Files: Sendable {
        let certificate: String

        init(_ authority: TestAuthority, in folder: TemporaryFolder) throws {
            self.certificate = try folder.write(readBytes(authority.certificateFile), to: "root")
        }
    }
}
