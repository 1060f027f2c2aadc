import HTTPIngress
import Testing

/// Who gets a connection, judged by OpenSSL's and curl's TLS against ours.
@Suite(.timeLimit(.minutes(5)))
struct MutualTLSTests {
    @Test(arguments: ["1.2", "1.3"])
    func `a client with an accepted certificate gets its reply over TLS 1.2 and 1.3`(version: String) async throws {
        try await RunningIngress.with { server in
            let result = try await server.curl([
                "--verbose", "--tlsv\(version)", "--tls-max", version, "--data-binary", "Hej",
                "--header", "Content-Type: message/rfc822", server.url,
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("SSL connection using TLSv\(version)"))
            #expect(result.output.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(result.output.contains("Content-Type: message/rfc822\r\n"))
            #expect(result.output.contains("Cache-Control: no-store\r\n"))
            #expect(!result.output.contains("Server:"))
            #expect(result.output.hasSuffix("\r\n\r\nHej"))
            let request = try #require(server.handler.requests.first)
            #expect(request.body == Array("Hej".utf8))
            #expect(request.contentType == "message/rfc822")
            #expect(try request.peer == server.certificates.bytes("client.der"))
            // OpenSSL clients add the issuers they know.
            #expect(request.peerChain.first == request.peer)
        }
    }

    @Test(arguments: [("-tls1_2", "handshake failure"), ("-tls1_3", "certificate required")])
    func `without a client certificate there is no TLS`(version: String, alert: String) async throws {
        try await RunningIngress.with { server in
            let result = try await server.openssl([version, "-ign_eof"], as: nil, input: request("Hej"))
            #expect(result.errors.contains("alert \(alert)"), "\(result.errors)")
            #expect(!result.output.contains("HTTP/1.1"))
            #expect(server.handler.requests.isEmpty)
            #expect(server.credentials.asked.isEmpty)
        }
    }

    @Test(arguments: ["-tls1", "-tls1_1"])
    func `TLS versions before 1.2 are refused by the server`(version: String) async throws {
        try await RunningIngress.with { server in
            let result = try await server.openssl([version, "-cipher", "ALL:@SECLEVEL=0"])
            #expect(result.status != 0)
            #expect(result.errors.contains("alert protocol version"), "\(result.errors)")
        }
    }

    @Test(arguments: ["AES128-SHA256", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA"])
    func `ciphers without forward secrecy or authenticated encryption are refused`(cipher: String) async throws {
        try await RunningIngress.with { server in
            let result = try await server.openssl(["-tls1_2", "-cipher", "\(cipher):@SECLEVEL=0"])
            #expect(result.errors.contains("alert handshake failure"), "\(result.errors)")
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `a refused client certificate ends the handshake with an alert`(version: String) async throws {
        try await RunningIngress.with { server in
            server.credentials.refuse(try server.certificates.bytes("stranger.der"))
            let result = try await server.openssl([version, "-ign_eof"], as: "stranger", input: request("Hej"))
            #expect(result.errors.contains("alert certificate unknown"), "\(result.errors)")
            #expect(!result.output.contains("HTTP/1.1"))
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test func `the whole presented chain is judged and handed on`() async throws {
        try await RunningIngress.with { server in
            let result = try await server.curl(["--data-binary", "Hej", server.url], as: "indirect")
            #expect(result.status == 0, "\(result.errors)")
            let files = ["indirect.der", "intermediate.der"]
            let chain = try files.map { try server.certificates.bytes($0) }
            #expect(server.credentials.asked == [chain])
            #expect(server.handler.requests.map(\.peerChain) == [chain])
        }
    }

    @Test func `plain HTTP on the TLS port gets nothing`() async throws {
        try await RunningIngress.with { server in
            let answer = try await RawConnection.with(server, secure: false) { connection in
                try await connection.send(request("Hej"))
                return await connection.receiveToEnd()
            }
            #expect(!answer.contains("HTTP/1.1"))
            #expect(server.handler.requests.isEmpty)
        }
    }
}
