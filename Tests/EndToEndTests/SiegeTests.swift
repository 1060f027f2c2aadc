import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Peers that mean no good, by the hundreds and thousands: the ingress takes no more memory than its limits say, and a
    /// municipality that asks all the while is answered every time, in its normal time.
    ///
    /// What each single attack is answered stands in the tests of the HTTP endpoint.
    struct SiegeTests {
        private static let post = "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\n"

        @Test func `thousands who connect and say nothing keep nobody out`() async throws {
            try await self.besiege { siege in
                let crowd = try await siege.strangers(2_500)
                try await eventually("all but the last ones are closed") { crowd.open <= Siege.handshakes }
                let neighbours = try await siege.strangers(200, perAddress: 200)
                try await eventually("one address has its share") { neighbours.open <= 64 }
                // The handshake has its time.
                try await eventually("the others are closed") { crowd.open == 0 && neighbours.open == 0 }
            }
        }

        @Test func `hundreds of connections of one client that asks nothing leave room for others`() async throws {
            try await self.besiege { siege in
                let idle = try await siege.connections(300, as: .municipalityB)
                try await eventually("it has its share") { idle.open <= Siege.connectionsPerCertificate }
                try await Task.sleep(for: .seconds(2))
                #expect(idle.open > 200)
                idle.close()
            }
        }

        @Test func `what is begun and never finished ends, and what it holds is bounded`() async throws {
            try await self.besiege { siege in
                let strangers = try await siege.strangers(300)
                // The beginning of a record with the beginning of a hello.
                for stranger in strangers { stranger.send([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 7]) }
                let bodies = try await siege.connections(150, as: .municipalityB)
                let half = Self.post + "Content-Length: 4000000\r\n\r\n" + String(repeating: "x", count: 512 << 10)
                for body in bodies { body.send(half) }
                let headers = try await siege.connections(50, as: .supplier)
                for header in headers { header.send(Self.post + "X-Half: ") }
                try await eventually("all of them are closed") { strangers.open + bodies.open + headers.open == 0 }
                #expect(bodies.allSatisfy { $0.statuses == [408] || $0.statuses == [429] })
                #expect(bodies.contains { $0.statuses == [408] } && bodies.contains { $0.statuses == [429] })
                #expect(headers.allSatisfy { $0.statuses == [408] })
            }
        }

        @Test func `who sends on and on and reads nothing is not waited for`() async throws {
            try await self.besiege { siege in
                let deaf = try await siege.connections(150, as: .municipalityB, reads: false)
                let requests = Array(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 1_000).utf8)
                try await withThrowingDiscardingTaskGroup { group in
                    for connection in deaf { group.addTask { await connection.stream(requests, atMost: 300) } }
                    try await Task.sleep(for: .seconds(5))
                    deaf.close()
                }
            }
        }

        @Test func `thousands of requests behind one that waits for its answer are not kept`() async throws {
            try await self.besiege(["latency=0ms", "CSN:latency=2s"]) { siege in
                var request = RequestMessage(about: .new())
                request.from = PKI.Organisation.municipalityB
                let message = try await OpenSSL(pki: siege.system.pki).sign(request.bytes, as: .municipalityB)
                let head = Self.post + "Content-Type: message/rfc822\r\nContent-Length: \(message.count)\r\n\r\n"
                let small = Array(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 10_000).utf8)
                let clients = try await siege.connections(100, as: .municipalityB)
                for client in clients { client.send(Array(head.utf8) + message + small) }
                try await eventually("all are answered") { clients.allSatisfy { $0.statuses.first == 200 } }
                clients.close()
            }
        }

        @Test func `headers and bodies that come a byte at a time are refused`() async throws {
            try await self.besiege { siege in
                let headers = try await siege.connections(100, as: .municipalityB)
                let bodies = try await siege.connections(100, as: .supplier)
                for header in headers { header.send(Self.post + "X-Slow: ") }
                for body in bodies { body.send(Self.post + "Content-Length: 4000\r\n\r\n") }
                await withDiscardingTaskGroup { group in
                    for one in headers + bodies {
                        group.addTask { await one.stream([0x58], atMost: 100, every: .milliseconds(250)) }
                    }
                }
                #expect((headers + bodies).open == 0)
                #expect((headers + bodies).allSatisfy { $0.statuses == [408] })
            }
        }

        @Test func `a renegotiation, and key updates on and on, end the connection`() async throws {
            try await self.besiege { (siege: Siege) async throws in
                let request = ["GET / HTTP/1.1", "Host: localhost", ""]
                func answer(_ version: String, after commands: [String]) async throws -> Bool {
                    try await siege.openssl([version], lines: commands + request, as: .municipalityB)
                        .contains("HTTP/1.1 404 ")
                }
                async let plain = answer("-tls1_2", after: [])
                async let renegotiated = answer("-tls1_2", after: ["R"])
                async let updated = answer("-tls1_3", after: ["k", "K"])
                async let updatedOnAndOn = answer("-tls1_3", after: Array(repeating: "K", count: 60))
                #expect(try await (plain, updated) == (true, true))
                #expect(try await (renegotiated, updatedOnAndOn) == (false, false))
            }
        }

        @Test func `headers, chunks, extensions and trailers without end are cut off`() async throws {
            try await self.besiege { siege in
                let chunked = Self.post + "Transfer-Encoding: chunked\r\n\r\n"
                let endless: [(beginning: String, piece: String, status: Int)] = [
                    (Self.post + "X: ", "x", 431), (Self.post, "X: y\r\n", 431), (chunked, "1\r\nx\r\n", 413),
                    (chunked, "1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n", 413),
                    (chunked + "5;", "x", 408), (chunked + "0\r\n", "X: y\r\n", 431),
                ]
                try await withThrowingDiscardingTaskGroup { group in
                    for (beginning, piece, status) in endless {
                        let connections = try await siege.connections(6, as: .municipalityB)
                        group.addTask { try await Self.cutOff(connections, beginning, piece, status: status) }
                    }
                }
            }
        }

        @Test func `what is neither TLS nor HTTP is not taken for it`() async throws {
            try await self.besiege { siege in
                var random = SystemRandomNumberGenerator()
                func noise(_ count: Int) -> [UInt8] {
                    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                }
                let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
                let strangers = try await siege.strangers(400)
                for (index, stranger) in strangers.enumerated() {
                    switch index % 4 {
                    case 0: stranger.send(noise(4_096))
                    case 1: stranger.send(Self.post + "Content-Length: 3\r\n\r\nHej")
                    case 2: stranger.send(preface)
                    default: stranger.send([0x16, 3, 1, 0x20, 0] + noise(0x2000))
                    }
                }
                let clients = try await siege.connections(60, as: .municipalityB)
                for (index, client) in clients.enumerated() { client.send(index % 2 == 0 ? noise(4_096) : preface) }
                try await eventually("all are closed") { strangers.open + clients.open == 0 }
                #expect(strangers.allSatisfy { $0.statuses.isEmpty })
                #expect(clients.allSatisfy { Set($0.statuses).isSubset(of: [400, 431]) })
            }
        }

        private static func cutOff(
            _ connections: [HostileConnection], _ beginning: String, _ piece: String, status: Int
        ) async throws {
            let pieces = Array(String(repeating: piece, count: max(1, 16_384 / piece.utf8.count)).utf8)
            await withDiscardingTaskGroup { group in
                for one in connections {
                    one.send(beginning)
                    group.addTask { await one.stream(pieces, atMost: 4_000, every: .milliseconds(1)) }
                }
            }
            try await eventually("\(status)") { connections.open == 0 }
            // A refusal may be lost with the connection when the client is still sending; many large bodies are too many, and
            // on a machine that is slow to send them, too slow.
            let statuses = Set(connections.flatMap(\.statuses))
            #expect(statuses.isSubset(of: [status, 408, 429]), "\(statuses) for \(beginning.suffix(20))")
        }

        /// Attacks an ingress, and holds it to its memory and to its answers.
        private func besiege(
            _ behaviours: [String] = ["latency=0ms"], _ attack: (Siege) async throws -> Void
        ) async throws {
            let siege = Siege(system: try await SharedSystem.main(behaviours, settings: Siege.settings))
            let load = try SteadyLoad(siege.system, rate: 4)
            async let running: Void = load.run()
            defer { load.stop() }
            // What it takes without an attack.
            try await eventually("the municipality is answered") { load.answered >= 4 }
            let before = siege.memoryInPeace
            try await attack(siege)
            load.stop()
            await running
            #expect(load.failures.prefix(3) == [])
            // The node's own deadline: a machine that is busy with the attack, and with the attackers, has room below it.
            #expect(load.slowest < .seconds(7), "\(load.slowest)")
            let taken = siege.peakMemory - before
            #expect(taken < Siege.allowance, "\(taken >> 20) MiB")
            print("siege: \(before >> 20) MiB + \(taken >> 20) MiB, slowest \(load.slowest) of \(load.answered)")
        }
    }
}
