import Foundation
import Gateway
import GatewayTestSupport
import Testing
import Trust

@testable import shs_gateway

/// What a rehearsal's self-test says when something of it fails.
struct SelfTestTests {
    /// Computed: the sets are made while the tests run.
    private var now: Int64 { Int64(Date().timeIntervalSince1970) }

    private func results(
        _ yaml: String, at instant: Int64? = nil, role: TrustRole = .all
    ) async throws -> [String: String?] {
        let sets = try await DevelopmentSets.shared()
        let folder = try TestFolder()
        let file = try folder.write(yaml, to: "gateway.yaml")
        var configuration = try await ConfigurationLoader.load(file).configuration
        configuration.files.state = folder.path
        configuration.files.certificates = sets.folder.path
        let candidate = try TrustSource(configuration, role: role).load(at: self.now)
        let results = await SelfTest(
            configuration, candidate, in: sets.folder.path, at: instant ?? self.now
        ).run()
        return Dictionary(uniqueKeysWithValues: results.map { ($0.name, $0.reason) })
    }

    @Test func `a good candidate shakes hands and signs`() async throws {
        let results = try await self.results("log:\n  level: notice\n")
        #expect(results.count == 2)
        #expect(results["a TLS handshake as the endpoint"] == .some(nil))
        #expect(results["a signature with the reply key"] == .some(nil))
    }

    @Test func `a base service that is away is named with the reason`() async throws {
        let port = try LoopbackPort.free(1)[0]
        let results = try await self.results("providers:\n  CSN:\n    url: https://localhost:\(port)/\n")
        let reason = try #require(results["a connection to CSN"] ?? nil)
        #expect(!reason.isEmpty && !reason.contains("localhost/"))
    }

    @Test func `without certificates for it there is nothing to connect with`() async throws {
        let late = self.now + 400 * 86_400
        let results = try await self.results("providers:\n  CSN:\n    url: https://localhost:1/\n", at: late)
        #expect(results["a TLS handshake as the endpoint"] == .some("there is no server certificate"))
        #expect(results["a signature with the reply key"] == .some("it cannot be made, or does not hold"))
        #expect(results["a connection to CSN"] == .some("there is no certificate for it"))
    }

    @Test func `with TLS to the broker every role tries, and says what its part of the set lacks`() async throws {
        let late = self.now + 400 * 86_400
        let results = try await self.results("amqp:\n  tls:\n    enabled: true\n", at: late)
        let reason = try #require(results["a connection to the broker as correlator"] ?? nil)
        #expect(reason.contains("node/reply-signing: there is no certificate that is valid now"))
        #expect(results.keys.filter { $0.hasPrefix("a connection to the broker as ") }.count == 3)
    }

    @Test func `a report passes only when nobody is cut off and all tests are good`() {
        func report(_ tests: [SelfTest.Result]) -> RehearsalReport {
            RehearsalReport(current: 1, candidate: 2, warnings: ["w"], parties: [], selfTest: tests)
        }
        let good = report([SelfTest.Result(name: "a test", reason: nil)])
        #expect(good.passes)
        #expect(good.text.hasSuffix("ok       a test\nwarning  w\nThe candidate cuts nobody off."))
        let bad = report([SelfTest.Result(name: "a test", reason: "so")])
        #expect(!bad.passes)
        #expect(bad.text.hasSuffix("FAILED   a test: so\nwarning  w\nDo not use the candidate."))
    }
}
