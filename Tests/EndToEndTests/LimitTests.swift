import Foundation
import Testing

extension EndToEndTests {
    /// A party that asks more than it may, and one that does not, through the whole gateway.
    struct LimitTests {
        /// Two a second after the first four; the connection of each message is its own.
        private static let settings = ["SHS_LIMITS_PARTY_RATE": "2", "SHS_LIMITS_PARTY_BURST": "4"]

        @Test func `a party beyond its limit is told when to come again, and nobody else hears of it`() async throws {
            let system = try await SharedSystem.main(settings: Self.settings)
            let openssl = OpenSSL(pki: system.pki)
            let message = { (peer: PKI.Peer, organisation: String) in
                var request = RequestMessage(about: .new())
                request.from = organisation
                return try await openssl.sign(request.bytes, as: peer)
            }
            var messages: [[UInt8]] = []
            for _ in 0..<20 { messages.append(try await message(.municipalityA, PKI.Organisation.municipalityA)) }
            let within = try await message(.municipalityB, PKI.Organisation.municipalityB)

            async let other = system.post(within, as: .municipalityB)
            let exchanges = try await withThrowingTaskGroup(of: HTTPExchange.self) { group in
                for message in messages { group.addTask { try await system.post(message) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(try await other.status == 200)
            let refused = exchanges.filter { $0.status == 429 }
            #expect(exchanges.count { $0.status == 200 } >= 4)
            #expect(!refused.isEmpty)
            #expect(exchanges.allSatisfy { [200, 429].contains($0.status) })
            for exchange in refused {
                #expect(exchange.headers["x-shs-errorcode"] == "OtherError")
                #expect(exchange.headers["retry-after"] == "1")
                #expect(exchange.headers["connection"] != "close")
                #expect(exchange.bodyText == "Too many requests; try again later.\n")
            }

            // The time that it was told is enough for one that comes alone.
            try await Task.sleep(for: .seconds(1))
            let again = try await message(.municipalityA, PKI.Organisation.municipalityA)
            #expect(try await system.post(again).status == 200)
        }
    }
}
