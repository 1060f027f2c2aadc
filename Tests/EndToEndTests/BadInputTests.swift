import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// What bad input gets: a status, a code, a fixed sentence, and a log line without content.
    struct BadInputTests {
        @Test(arguments: BadMessage.all)
        func `a bad message gets its reason and nothing else`(message: BadMessage) async throws {
            let system = try await SharedSystem.main()
            let person = message.personIsInvalid ? Person.invalid() : .new()
            let before = Workspace.bytes(system.log(.ingress)).count
            let exchange = try await system.post(
                try await message.body(OpenSSL(pki: system.pki), person), as: message.transport,
                contentType: message.contentType)
            Self.expect(exchange, message.refusal)
            let log = String(decoding: Workspace.bytes(system.log(.ingress)).dropFirst(before), as: UTF8.self)
            #expect(log.contains("\"\(message.refusal.name)\""), "\(log)")
            #expect(!log.contains(person.number.suffix(10)))
            #expect(!log.contains("Exempelkommun"))
        }

        @Test func `a message that is too large`() async throws {
            let system = try await SharedSystem.main()
            let before = Workspace.bytes(system.log(.ingress)).count
            let exchange = try await system.post([UInt8](repeating: 0x41, count: 5 << 20))
            Self.expect(exchange, .tooLarge)
            let log = String(decoding: Workspace.bytes(system.log(.ingress)).dropFirst(before), as: UTF8.self)
            #expect(log.contains("\"message-too-large\""))
        }

        @Test func `a message that comes too slowly`() async throws {
            let system = try await SharedSystem.main()
            let script = """
                { printf 'POST /shs/rs HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: message/rfc822\\r\\n'
                  printf 'Content-Length: 100000\\r\\n\\r\\nMIME-Version'; sleep 2.5; } |
                openssl s_client -quiet -connect 127.0.0.1:"$1" -CAfile "$2" -cert "$3.crt" -key "$3.key"
                """
            let output = try await Program([
                "bash", "-c", script, "-", "\(system.port("SHS_PORT"))", system.pki.path("peers/server-anchors.pem"),
                system.pki.path(PKI.Peer.municipalityA.rawValue + "/transport"),
            ]).run()
            #expect(output.text.hasPrefix("HTTP/1.1 408 "))
            #expect(output.text.contains("\(Refusal.tooSlow.code)\r\n"))
            #expect(output.text.lowercased().contains("retry-after: "))
            #expect(output.text.hasSuffix("\r\n\r\n\(Refusal.tooSlow.sentence)\n"))
        }

        @Test func `no client certificate, no TLS`() async throws {
            let system = try await SharedSystem.main()
            let message = try await OpenSSL(pki: system.pki).sign(RequestMessage(about: .new()).bytes)
            for version in ["1.2", "1.3"] {
                let exchange = try await system.post(message, as: nil, options: ["--tls-max", version])
                #expect(exchange.status == 0)
                #expect(exchange.body.isEmpty)
            }
        }

        @Test(arguments: [
            PKI.Peer.expired, .notYetValid, .revoked, .untrusted, .weakDigest, .wrongExtendedUsage, .wrongKeyUsage,
        ])
        func `a client certificate that is not good gets no TLS`(peer: PKI.Peer) async throws {
            let system = try await SharedSystem.main()
            let message = try await OpenSSL(pki: system.pki).sign(RequestMessage(about: .new()).bytes)
            // The security level would keep curl itself from showing some of them.
            let exchange = try await system.post(message, as: peer, options: ["--ciphers", "DEFAULT@SECLEVEL=0"])
            #expect(exchange.status == 0)
            #expect(exchange.body.isEmpty)
        }

        @Test func `other methods and other paths`() async throws {
            let system = try await SharedSystem.main()
            let get = try await system.curl([], as: .municipalityA, system.url)
            #expect(get.status == 405)
            #expect(get.headers["allow"] == "POST")
            let elsewhere = try await system.curl(
                ["--data", "x"], as: .municipalityA, system.url.replacing("/shs/rs", with: "/shs"))
            #expect(elsewhere.status == 404)
        }

        @Test func `what is refused leaves nothing in a queue`() async throws {
            let system = try await SharedSystem.main()
            #expect(try await TestBroker.leftovers(in: system.plan.name) == [:])
        }

        private static func expect(
            _ exchange: HTTPExchange, _ refusal: Refusal, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(exchange.status == refusal.status, sourceLocation: sourceLocation)
            #expect(exchange.headers["x-shs-errorcode"] == refusal.code, sourceLocation: sourceLocation)
            #expect(exchange.bodyText == refusal.sentence + "\n", sourceLocation: sourceLocation)
        }
    }
}
