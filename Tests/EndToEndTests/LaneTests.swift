import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Two lanes: what an automated system asks in a batch delays no person.
    struct LaneTests {
        @Test func `a caseworker's question overtakes those of an automated system that wait`() async throws {
            let pki = try await PKI.shared()
            let name = "name: \"Kommun B (test)\""
            let register = Workspace.text(pki.setPath("parties.yaml"))
                .replacing(name, with: name + "\n    lane: automated")
            #expect(register.contains("lane: automated"))
            let settings = [
                "SHS_PARTIES_FILE": try Workspace.file("parties.yaml", with: Array(register.utf8)),
                "SHS_PROVIDERS_CSN_CONCURRENCY": "2",
            ]
            try await SharedSystem.main(
                ["latency=0ms", "CSN:latency=1s"], settings: settings, with: .worker("CSN")
            ) { system in
                let openssl = OpenSSL(pki: pki)
                /// Asks CSN about somebody; when the reply was there.
                @Sendable func ask(_ peer: PKI.Peer, _ organisation: String) async throws -> ContinuousClock.Instant {
                    var question = Question(.withMuchData())
                    question.providers = ["CSN"]
                    var request = RequestMessage([question])
                    request.from = organisation
                    let exchange = try await system.post(try await openssl.sign(request.bytes, as: peer), as: peer)
                    let end = ContinuousClock.now
                    #expect(exchange.status == 200)
                    #expect(try await ReplyMessage(exchange, checkedBy: openssl).section(0, "CSN") == "data")
                    return end
                }

                async let batch = withThrowingTaskGroup(of: ContinuousClock.Instant.self) { group in
                    for _ in 0..<5 {
                        group.addTask { try await ask(.municipalityB, PKI.Organisation.municipalityB) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                // Then the batch waits, one after the other, for the one slot that it may have.
                try await Task.sleep(for: .milliseconds(700))
                let person = try await ask(.municipalityA, PKI.Organisation.municipalityA)
                #expect(try await batch.count { $0 < person } <= 2)
            }
        }
    }
}
