import Foundation
import GatewayTestSupport
import HTTPIngress
import Synchronization
import Testing
import Trust

/// A TLS server whose key stays in a token, judged by OpenSSL's and curl's TLS.
@Suite(.timeLimit(.minutes(5)))
struct TokenTLSTests {
    /// A server certificate of the test PKI, and its key in a token of its own.
    private struct Served {
        let token: SoftToken
        let chain: [UInt8]
        let key: TokenKey

        init(_ kind: String, _ certificates: TestCertificates) async throws {
            let name = "token-\(kind)-\(UInt32.random(in: 0 ... .max))"
            let parameters = kind == "rsa" ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            let made = try await Tool.run(
                ["openssl", "req", "-x509", "-newkey"] + parameters + [
                    "-nodes", "-days", "2", "-subj", "/C=SE/O=Test/CN=\(name)", "-keyout", "\(name).key", "-out",
                    "\(name).pem", "-addext", "subjectAltName=DNS:localhost", "-CA", "root.pem", "-CAkey", "root.key",
                ], in: certificates.folder)
            guard made.status == 0 else { throw TestError("openssl req: \(made.errors)") }
            self.token = try await SoftToken(keys: [
                .init(file: certificates.path("\(name).key"), label: kind, id: "01")
            ])
            self.chain = try certificates.bytes("\(name).pem")
            let pin = self.token.pin
            self.key = try TokenKey(
                uri: self.token.uri(kind),
                access: TokenAccess(
                    modulePath: SoftToken.modulePath, pin: { Array(pin.utf8) }, longestPause: .milliseconds(50)))
        }

        func serverKey(without missing: Set<SignatureScheme> = []) -> ServerKey {
            let key = self.key
            return .delegated(
                DelegatedKey(algorithms: key.schemes.filter { !missing.contains($0) }.map(\.rawValue)) { number, data in
                    guard let scheme = SignatureScheme(rawValue: number) else { throw TestError("scheme \(number)") }
                    return try await key.sign(data, scheme: scheme)
                })
        }
    }

    private func answer(_ server: RunningIngress, version: String) async throws -> Tool.Result {
        try await server.curl([
            "--verbose", "--tlsv\(version)", "--tls-max", version, "--data-binary", "Hej", server.url,
        ])
    }

    @Test(arguments: ["rsa", "ec"], ["1.2", "1.3"])
    func `curl gets its reply from a server whose key is in a token`(kind: String, version: String) async throws {
        try await RunningIngress.with { server in
            let served = try await Served(kind, server.certificates)
            server.credentials.serve(chain: served.chain, key: served.serverKey())
            let result = try await self.answer(server, version: version)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("SSL connection using TLSv\(version)"))
            #expect(result.errors.contains("CN=token-\(kind)"))
            #expect(result.output.hasSuffix("\r\n\r\nHej"))
        }
    }

    @Test(arguments: [
        ("rsa", "-tls1_2", "RSA+SHA256", "Peer signature type: RSA"),
        ("rsa", "-tls1_2", "RSA+SHA512", "Peer signature type: RSA"),
        ("rsa", "-tls1_2", "rsa_pss_rsae_sha256", "Peer signature type: RSA-PSS"),
        ("rsa", "-tls1_3", "rsa_pss_rsae_sha256", "Peer signature type: RSA-PSS"),
        ("rsa", "-tls1_3", "rsa_pss_rsae_sha384", "Peer signature type: RSA-PSS"),
        ("rsa", "-tls1_3", "rsa_pss_rsae_sha512", "Peer signature type: RSA-PSS"),
        ("ec", "-tls1_2", "ECDSA+SHA256", "Peer signature type: ECDSA"),
        ("ec", "-tls1_3", "ECDSA+SHA256", "Peer signature type: ECDSA"),
    ])
    func `openssl verifies each kind of handshake signature`(
        kind: String, version: String, algorithm: String, expected: String
    ) async throws {
        try await RunningIngress.with { server in
            let served = try await Served(kind, server.certificates)
            server.credentials.serve(chain: served.chain, key: served.serverKey())
            // The client signs with its own EC key.
            let algorithms = algorithm == "ECDSA+SHA256" ? algorithm : "\(algorithm):ECDSA+SHA256"
            let result = try await server.openssl(
                [version, "-verify_return_error", "-sigalgs", algorithms, "-ign_eof"],
                input: "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(
                result.output.split(separator: "\n").contains { $0 == expected }, "\(result.output)\(result.errors)")
            #expect(result.output.contains("Verify return code: 0 (ok)"))
            #expect(result.output.contains("HTTP/1.1 "))
        }
    }

    @Test func `a token that cannot do PSS serves TLS 1_2`() async throws {
        try await RunningIngress.with { server in
            let served = try await Served("rsa", server.certificates)
            let key = served.serverKey(without: [.rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512])
            server.credentials.serve(chain: served.chain, key: key)
            #expect(try await self.answer(server, version: "1.2").status == 0)
            #expect(try await self.answer(server, version: "1.3").status != 0)
        }
    }

    @Test func `without the token handshakes fail and open connections go on; with it again handshakes succeed`()
        async throws
    {
        try await RunningIngress.with { server in
            let served = try await Served("ec", server.certificates)
            server.credentials.serve(chain: served.chain, key: served.serverKey())
            try await RawConnection.with(server) { connection in
                try await connection.send(request("one"))
                #expect(try await connection.receiveResponse().hasSuffix("one"))
                try served.token.take()
                for version in ["1.2", "1.3"] {
                    let result = try await self.answer(server, version: version)
                    #expect(result.status == 35, "\(result.errors)")
                }
                try await connection.send(request("two"))
                #expect(try await connection.receiveResponse().hasSuffix("two"))
            }
            try served.token.bring()
            // Looks for the token are 50 ms apart at most.
            var status: Int32 = -1
            while status != 0 { status = try await self.answer(server, version: "1.3").status }
            #expect(server.handler.requests.count == 3)
        }
    }

    @Test func `a token that takes its time holds up nobody but those who shake hands`() async throws {
        try await RunningIngress.with { server in
            let served = try await Served("ec", server.certificates)
            guard case .delegated(let key) = served.serverKey() else { return }
            let brake = Brake()
            let slow = DelegatedKey(algorithms: key.algorithms) { algorithm, data in
                if brake.isOn.load(ordering: .relaxed) { for await _ in brake.gate { break } }
                return try await key.sign(algorithm, data)
            }
            server.credentials.serve(chain: served.chain, key: .delegated(slow))
            try await RawConnection.with(server) { connection in
                try await connection.send(request("one"))
                _ = try await connection.receiveResponse()
                brake.isOn.store(true, ordering: .relaxed)
                async let waiting = self.answer(server, version: "1.3")
                for number in 0..<20 {
                    try await connection.send(request("\(number)"))
                    #expect(try await connection.receiveResponse().hasSuffix("\r\n\(number)"))
                }
                brake.isOn.store(false, ordering: .relaxed)
                // Once for the one that waits, and once in case it has not come to its signature yet.
                brake.release()
                brake.release()
                #expect(try await waiting.status == 0)
            }
        }
    }

    @Test func `a key that can do nothing we allow is no server's key`() async throws {
        try await RunningIngress.with { server in
            let key = DelegatedKey(algorithms: [0x0201, 0x0807]) { _, _ in [] }
            server.credentials.serve(chain: try server.certificates.bytes("server.pem"), key: .delegated(key))
            // The new snapshot cannot be used: the old context stays.
            #expect(try await self.answer(server, version: "1.3").status == 0)
        }
    }
}

/// Makes signatures wait.
private final class Brake: Sendable {
    let isOn = Atomic(false)
    let gate: AsyncStream<Void>
    private let opening: AsyncStream<Void>.Continuation

    init() {
        (self.gate, self.opening) = AsyncStream.makeStream()
    }

    /// Lets one signature go on.
    func release() { self.opening.yield() }
}
