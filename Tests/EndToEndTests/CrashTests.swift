import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// `kill -9` while fifty requests are in flight.
    struct CrashTests {
        /// The slowest that an answer may be: the target and the ingress's margin after it, and a second for 50 clients.
        private static let limit = 7.0 + 3.0 + 1.0

        @Test func `a worker that is killed loses nothing`() async throws {
            let replies = try await self.replies(whileKilling: .worker("CSN"))
            for reply in replies {
                let others = Role.providers.filter { $0 != "CSN" }.map { reply.section(0, $0) }
                #expect(others.allSatisfy { $0 == "data" || $0.hasPrefix("BT") }, "\(others)")
                #expect(["data", "SSBT-1"].contains(reply.section(0, "CSN")))
            }
            // Redelivered to the one that was started again, well within the deadline.
            #expect(replies.contains { $0.section(0, "CSN") == "data" })
        }

        @Test func `a correlator that is killed loses nothing`() async throws {
            let replies = try await self.replies(whileKilling: .correlator)
            for reply in replies {
                let sections = reply.sections(0)
                #expect(sections.allSatisfy { ["data", "SSBT-1"].contains($0) || $0.hasPrefix("BT") }, "\(sections)")
            }
            #expect(replies.contains { !$0.sections(0).contains("SSBT-1") })
        }

        /// Kills a role while 50 requests are in flight, starts it again at once, and checks what every request must get.
        private func replies(whileKilling role: Role) async throws -> [ReplyMessage] {
            let system = try await SharedSystem.main(["latency=1s"])
            let openssl = OpenSSL(pki: system.pki)
            var requests: [RequestMessage] = []
            var files: [String] = []
            for _ in 0..<50 {
                let request = RequestMessage(about: .new())
                files.append(try Workspace.file("signed.mime", with: try await openssl.sign(request.bytes)))
                requests.append(request)
            }
            async let answers = system.postAll(files)
            try await Task.sleep(for: .milliseconds(800))
            try await system.kill(role)
            try await system.start(role)

            var replies: [ReplyMessage] = []
            for (request, answer) in zip(requests, try await answers) {
                #expect(answer.status == 200, "\(answer.status): \(answer.bodyText.prefix(100))")
                // In flight when the role was killed, and answered in time.
                #expect(answer.seconds > 0.8 && answer.seconds < Self.limit)
                guard answer.status == 200 else { continue }
                let reply = try await ReplyMessage(answer, checkedBy: openssl)
                #expect(reply.attribute("tx.id") == request.txID)
                #expect(reply.parts.count == 1)
                replies.append(reply)
            }
            #expect(try await TestBroker.leftovers(in: system.plan.name) == [:])
            return replies
        }
    }
}

extension GatewaySystem {
    /// Posts all of some files at the same time, each on a connection of its own.
    func postAll(_ files: [String]) async throws -> [HTTPExchange] {
        let transport = self.pki.path(PKI.Peer.municipalityA.rawValue + "/transport")
        let blocks = files.map { file in
            """
            url = "\(self.url)"
            silent
            noproxy = "*"
            ipv4
            max-time = 60
            cacert = "\(self.pki.path("peers/server-anchors.pem"))"
            cert = "\(transport).crt"
            key = "\(transport).key"
            header = "Content-Type: message/rfc822"
            data-binary = "@\(file)"
            output = "\(file).reply"
            write-out = "%{filename_effective} %{http_code} %{time_total}\\n"
            """
        }
        let config = try Workspace.file("curl.config", with: Array(blocks.joined(separator: "\nnext\n").utf8))
        let output = try await Program(
            ["curl", "--parallel", "--parallel-immediate", "--parallel-max", "\(files.count)", "--config", config]
        ).run(within: .seconds(120))
        var results: [String: (status: Int, seconds: Double)] = [:]
        for line in output.text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count == 3 { results[String(fields[0])] = (Int(fields[1]) ?? 0, Double(fields[2]) ?? 0) }
        }
        return files.map { file in
            let result = results[file + ".reply"] ?? (0, 0)
            return HTTPExchange(
                status: result.status, headers: [:], body: Workspace.bytes(file + ".reply"), seconds: result.seconds)
        }
    }
}
