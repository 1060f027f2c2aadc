import Foundation
import GatewayTestSupport
import SHSClient

/// A gateway whose TLS server key and reply signing key are in a token of its own.
final class TokenSystem: Sendable {
    /// What its processes log of their keys.
    enum Sentence: String {
        case away = "A key in a token cannot be used"
        case back = "A key in a token can be used again"
        case refused = "the token refused the PIN"
    }

    let token: SoftToken
    let sets: CertificateSets
    /// The same set, but its PIN file is wrong.
    let wrongSets: String
    let system: GatewaySystem
    let openssl: OpenSSL
    private let pinFile: String

    init() async throws {
        let sets = try await CertificateSets(named: "token")
        self.sets = sets
        self.token = try await SoftToken(keys: [
            .init(file: sets.path("node/tls-server/1.key"), label: "server", id: "01"),
            .init(file: sets.path("node/reply-signing/1.key"), label: "reply", id: "02"),
        ])
        self.pinFile = Workspace.folder + "/token-pin"
        let wrongPIN = Workspace.folder + "/token-pin-wrong"
        try Self.write(pin: self.token.pin, to: self.pinFile)
        try Self.write(pin: "wrong-4711", to: wrongPIN)
        self.wrongSets = sets.folder + "-wrong"
        let steps = """
            uri() { (umask 077; printf '%s\\n' "$2?pin-source=file:$PIN" >"$SET/node/$1/1.uri"); rm "$SET/node/$1/1.key"; }
            uri tls-server "$SERVER"
            uri reply-signing "$REPLY"
            """
        var values = [
            "SERVER": self.token.uri("server"), "REPLY": self.token.uri("reply"), "PIN": wrongPIN,
            "WRONG": self.wrongSets,
        ]
        // The wrong one first, so that the right one is a change of the one in use.
        try await sets.shell(
            "cp -a \"$SETS\" \"$WRONG\"\nSET=\"$WRONG/0001\"\n\(steps)\nset.sh \"$WRONG\" seal 0001",
            environment: values)
        values["PIN"] = self.pinFile
        try await sets.shell("SET=\"$SETS/0001\"\n\(steps)\nset.sh \"$SETS\" seal 0001", environment: values)
        self.system = try await GatewaySystem(
            .init(
                name: "token", roles: [.simulate, .correlator, .worker(Role.providers), .ingress], sets: sets.folder))
        self.openssl = OpenSSL(pki: self.system.pki)
    }

    func run() async throws {
        let variable = try SoftToken.environment().split(separator: "=", maxSplits: 1).map(String.init)
        try await self.system.run(
            settings: ["SHS_PKCS11_MODULE": SoftToken.modulePath, variable[0]: variable[1]])
    }

    /// Asks about somebody new, on a connection of its own.
    func ask() async throws -> HTTPExchange {
        try await self.system.post(try await self.message())
    }

    /// Asks on a connection that is open already, which needs no more signature of the server's key.
    func onOpenConnection<Value>(
        _ body: (_ ask: @Sendable () async throws -> SHSClient.Response) async throws -> Value
    ) async throws -> Value {
        let transport = self.system.pki.path(PKI.Peer.municipalityA.rawValue + "/transport")
        let client = try SHSClient(
            url: self.system.url,
            credentials: .init(
                anchors: self.system.pki.path("peers/server-anchors.pem"), certificate: transport + ".crt",
                key: transport + ".key"),
            maximumConnections: 1)
        let (first, second) = (try await self.message(), try await self.message())
        let result: Result<Value, any Error>
        do {
            let opening = try await client.post(first, timeout: .seconds(30))
            guard opening.status == 200 else { throw Failure(description: "\(opening.status)") }
            result = .success(try await body { try await client.post(second, timeout: .seconds(30)) })
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        return try result.get()
    }

    private func message() async throws -> [UInt8] {
        try await self.openssl.sign(RequestMessage(about: .withMuchData()).bytes)
    }

    func count(_ role: Role, _ sentence: Sentence) -> Int {
        Workspace.text(self.system.log(role)).components(separatedBy: sentence.rawValue).count - 1
    }

    func status() async throws -> Program.Output {
        try await Program(
            [try Workspace.program(), "status", "--config", Workspace.configuration],
            environment: self.system.environment(of: nil)
        ).run()
    }

    var readyURL: String { "http://127.0.0.1:\(self.system.port("HEALTH_PORT"))/ready" }

    func write(pin: String) throws { try Self.write(pin: pin, to: self.pinFile) }

    /// In one step: a process may read it at any moment.
    private static func write(pin: String, to file: String) throws {
        try Data("\(pin)\n".utf8).write(to: URL(filePath: file), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }
}
