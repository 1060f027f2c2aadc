import Foundation
import GatewayTestSupport
import Testing
import Trust

/// A token locks itself after a few wrong PINs: a wrong one is tried once, and no PIN is ever shown.
@Suite(.timeLimit(.minutes(5)))
struct TokenPINTests {
    private func reason(_ bench: TokenBench, uri: String? = nil, pin: String?) -> TokenError.Reason? {
        #expect(throws: TokenError.self) {
            try TokenKey(uri: uri ?? bench.token.uri("ec"), access: bench.access(pin: pin))
        }?.reason
    }

    @Test func `a wrong PIN is refused, and not tried again even when it has become right`() async throws {
        let bench = try await TokenBench()
        #expect(self.reason(bench, pin: "wrong-4711") == .pinWrong)
        try await bench.token.changePIN(to: "wrong-4711")
        #expect(self.reason(bench, pin: "wrong-4711") == .pinWrong)
        // A person says that the PIN has been set anew.
        TokenKey.forgetRefusedPINs()
        let key = try TokenKey(uri: bench.token.uri("ec"), access: bench.access(pin: "wrong-4711"))
        #expect(try !key.signature(over: [1], scheme: .ecdsaP256SHA256).isEmpty)
    }

    @Test func `a corrected PIN file is read again`() async throws {
        let bench = try await TokenBench()
        let file = try bench.write(pin: "wrong-4711\n")
        let uri = bench.token.uri("rsa") + "?pin-source=file:\(file)"
        #expect(self.reason(bench, uri: uri, pin: bench.token.pin) == .pinWrong)
        #expect(self.reason(bench, uri: uri, pin: bench.token.pin) == .pinWrong)
        try bench.write(pin: "\(bench.token.pin)\n")
        #expect(try TokenKey(uri: uri, access: bench.access(pin: nil)).schemes.count == 6)
    }

    @Test func `no PIN, an empty one, and one that everybody may read are no PIN`() async throws {
        let bench = try await TokenBench()
        #expect(self.reason(bench, pin: nil) == .pinMissing)
        #expect(self.reason(bench, pin: "\n") == .pinMissing)
        let uri = try bench.token.uri("rsa") + "?pin-source=\(bench.write(pin: bench.token.pin, mode: 0o644))"
        #expect(self.reason(bench, uri: uri, pin: nil) == .pinExposed)
        #expect(self.reason(bench, uri: uri + "x", pin: nil) == .pinMissing)
    }

    @Test func `errors, events and keys say nothing of the PIN and where it is`() async throws {
        let bench = try await TokenBench()
        let file = try bench.write(pin: "wrong-4711", to: "secret-place")
        let uri = bench.token.uri("rsa") + "?pin-source=\(file)"
        let error = #expect(throws: TokenError.self) { try TokenKey(uri: uri, access: bench.access) }
        let key = try bench.key("rsa")
        try bench.token.take()
        #expect(throws: TokenError.self) { try key.signature(over: [1], scheme: .rsaPSSSHA256) }
        let texts = try [
            "\(error as Any)", "\(key)", String(reflecting: key), "\(bench.reported())", "\(TokenURI(uri))",
        ]
        for text in texts {
            for secret in ["4711", "secret", bench.token.pin] { #expect(!text.contains(secret), "\(text)") }
        }
        try bench.token.bring()
    }
}
