import HTTPIngress
import Logging
import SHS
import Testing

/// What a new trust snapshot does to connections and sessions that began before it.
@Suite(.timeLimit(.minutes(5)))
struct TrustChangeTests {
    @Test func `an open connection whose client is no longer accepted gets 403 and is closed`() async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("first"))
                #expect(try await connection.receiveResponse().hasSuffix("first"))
                server.credentials.refuse(try server.certificates.bytes("client.der"))
                try await connection.send(request("second"))
                let refusal = await connection.receiveToEnd()
                #expect(refusal.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
                #expect(refusal.contains("X-shs-errorcode: IllegalSender\r\n"))
                #expect(refusal.contains("Connection: close\r\n"))
                #expect(refusal.hasSuffix("\r\n\r\n" + Fault.transportUntrusted.sentence + "\n"))
            }
            #expect(server.handler.requests.map(\.body) == [Array("first".utf8)])
        }
    }

    @Test func `an open connection goes on when the new snapshot accepts its client`() async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                for _ in 1...3 {
                    try await connection.send(request("same"))
                    #expect(try await connection.receiveResponse().hasSuffix("same"))
                    try await connection.send(request("same"))
                    #expect(try await connection.receiveResponse().hasSuffix("same"))
                    server.credentials.newGeneration()
                }
            }
            // Once in the handshake, then once for each snapshot that came while requests did.
            #expect(server.credentials.asked.count == 3)
        }
    }

    @Test func `a client is judged again after the recheck time even under the same snapshot`() async throws {
        try await RunningIngress.with(configure: { $0.clientRecheckTime = .zero }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("first"))
                #expect(try await connection.receiveResponse().hasSuffix("first"))
                server.credentials.refuse(try server.certificates.bytes("client.der"), newGeneration: false)
                try await connection.send(request("second"))
                #expect(await connection.receiveToEnd().hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            }
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `a session from an older snapshot cannot be resumed`(version: String) async throws {
        try await RunningIngress.with { server in
            let session = server.certificates.path("session-\(server.port)")
            let closing = request("Hej", fields: ["Connection: close"])
            let first = try await server.openssl([version, "-ign_eof", "-sess_out", session], input: closing)
            #expect(first.output.contains("New, TLSv"))
            server.credentials.newGeneration()
            let second = try await server.openssl([version, "-ign_eof", "-sess_in", session], input: closing)
            #expect(second.output.contains("New, TLSv"))
            #expect(second.output.contains("HTTP/1.1 200 OK"))
            #expect(server.credentials.asked.count == 2)
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `a resumed session is judged at its first request, with the chain of its full handshake`(
        version: String
    ) async throws {
        try await RunningIngress.with { server in
            let session = server.certificates.path("session-\(server.port)")
            let closing = request("Hej", fields: ["Connection: close"])
            let arguments = [version, "-ign_eof", "-cert_chain", "intermediate.pem"]
            _ = try await server.openssl(arguments + ["-sess_out", session], as: "indirect", input: closing)
            let resumed = try await server.openssl(arguments + ["-sess_in", session], as: "indirect", input: closing)
            #expect(resumed.output.contains("Reused, TLSv"))
            #expect(resumed.output.contains("HTTP/1.1 200 OK"))
            #expect(server.credentials.asked.map(\.count) == [2, 2])
            #expect(server.handler.requests.map(\.peerChain) == server.credentials.asked)

            server.credentials.refuse(try server.certificates.bytes("indirect.der"), newGeneration: false)
            let refused = try await server.openssl(arguments + ["-sess_in", session], as: "indirect", input: closing)
            #expect(refused.output.contains("Reused, TLSv"))
            #expect(refused.output.contains("HTTP/1.1 403 Forbidden"))
            #expect(server.handler.requests.count == 2)
        }
    }

    @Test func `a snapshot without a usable server certificate leaves the old one in use, and is tried once`()
        async throws
    {
        try await RunningIngress.with { server in
            server.credentials.newGeneration(broken: true)
            for _ in 1...2 {
                let result = try await server.curl(["--data-binary", "Hej", server.url])
                #expect(result.output.hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            #expect(server.credentials.configurationsMade == 2)
            server.credentials.newGeneration()
            let result = try await server.curl(["--data-binary", "Hej", server.url])
            #expect(result.output.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(server.credentials.configurationsMade == 3)
        }
    }

    @Test func `a server whose first snapshot is unusable does not start`() async throws {
        let credentials = TestCredentials(try await TestCertificates.shared.value)
        credentials.newGeneration(broken: true)
        let ingress = HTTPIngress(
            configuration: .init(), credentials: credentials, handler: TestHandler(), logger: .silent
        )
        let error = await #expect(throws: HTTPIngressError.self) { try await ingress.run() }
        #expect(error?.code == .credentialsUnusable)
    }
}
