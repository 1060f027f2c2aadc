import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// A base service that does not answer costs its own section only, and soon no time.
    struct BreakerTests {
        private static let settings = [
            "SHS_DEADLINE_TARGET": "3s", "SHS_PROVIDERS_CSN_BREAKER_FAILURES": "3",
            "SHS_PROVIDERS_CSN_BREAKER_OPEN_FOR": "2s", "SHS_PROVIDERS_CSN_BREAKER_PROBES": "1",
            "SHS_PROVIDERS_CSN_BREAKER_PATIENCE": "500ms",
        ]

        @Test func `a base service that hangs is soon not waited for, and asked again when it is back`() async throws {
            try await SharedSystem.main(
                ["latency=0ms", "CSN:hang=1"], settings: Self.settings, with: .worker("CSN")
            ) { system in
                let openssl = OpenSSL(pki: system.pki)
                /// What the reply says of CSN, and after how many seconds; the others answer every time.
                @Sendable func ask() async throws -> (section: String, seconds: Double) {
                    let exchange = try await system.post(
                        try await openssl.sign(RequestMessage(about: .withMuchData()).bytes))
                    #expect(exchange.status == 200)
                    let reply = try await ReplyMessage(exchange, checkedBy: openssl)
                    let others = Role.providers.filter { $0 != "CSN" }
                    #expect(others.allSatisfy { reply.section(0, $0) == "data" })
                    return (reply.section(0, "CSN"), exchange.seconds)
                }

                try await withThrowingTaskGroup(of: (section: String, seconds: Double).self) { group in
                    for _ in 0..<4 { group.addTask { try await ask() } }
                    for try await (section, seconds) in group { #expect(section == "SSBT-1" && seconds > 2) }
                }
                // A probe is waited for like any other question.
                try await eventually("nobody waits for it") {
                    let (section, seconds) = try await ask()
                    #expect(section == "SSBT-4" || section == "SSBT-1")
                    return section == "SSBT-4" && seconds < 2
                }

                try await system.run(["latency=0ms"], settings: Self.settings)
                try await eventually("it is asked again") { try await ask().section == "data" }
                for _ in 0..<3 { #expect(try await ask().section == "data") }
            }
        }
    }
}
