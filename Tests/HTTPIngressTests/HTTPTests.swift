import HTTPIngress
import SHS
import Testing

/// What is HTTP here and what is not.
@Suite(.timeLimit(.minutes(5)))
struct HTTPTests {
    @Test(arguments: AmbiguousRequest.all)
    func `a request that can be read in two ways is refused and ends the connection`(
        ambiguous: AmbiguousRequest
    ) async throws {
        try await RunningIngress.with { server in
            let response = try await RawConnection.with(server) { connection in
                try await connection.send(ambiguous.text)
                return await connection.receiveToEnd()
            }
            #expect(response.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(response)")
            #expect(response.contains("Connection: close\r\n"))
            #expect(response.ranges(of: "HTTP/1.1 ").count == 1, "one response only: \(response)")
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test func `a request in one-byte pieces is one request`() async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                for byte in request("Hej") { try await connection.send(String(byte)) }
                #expect(try await connection.receiveResponse().hasSuffix("\r\n\r\nHej"))
            }
        }
    }

    @Test func `pipelined requests are answered one after the other`() async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                try await connection.send((1...20).map { request("number \($0)") }.joined())
                for number in 1...20 {
                    #expect(try await connection.receiveResponse().hasSuffix("\r\n\r\nnumber \(number)"))
                }
            }
        }
    }

    @Test func `a chunked body is put together`() async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(
                    "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "1\r\nH\r\n2;extension=1\r\nej\r\n0\r\nTrailer: x\r\n\r\n"
                )
                #expect(try await connection.receiveResponse().hasSuffix("\r\n\r\nHej"))
                try await connection.send(request("again"))
                #expect(try await connection.receiveResponse().hasSuffix("\r\n\r\nagain"))
            }
        }
    }

    @Test(arguments: [
        "POST /shs/rs HTTP/1.0\r\nContent-Length: 3\r\n\r\nHej",
        "POST /shs/rs HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nHej",
        "POST /shs/rs HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nHej",
        "POST /shs/rs HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nHej",
    ])
    func `HTTP 1_0, Connection close and upgrades are answered, and end the connection`(text: String) async throws {
        try await RunningIngress.with { server in
            let response = try await RawConnection.with(server) { connection in
                try await connection.send(text)
                return await connection.receiveToEnd()
            }
            #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(response.contains("Connection: close\r\n"))
            #expect(response.hasSuffix("\r\n\r\nHej"))
        }
    }

    @Test(arguments: [
        ("GET /shs/rs HTTP/1.1", "405 Method Not Allowed"), ("DELETE /shs/rs HTTP/1.1", "405 Method Not Allowed"),
        ("GET / HTTP/1.1", "404 Not Found"), ("POST /shs/rs/ HTTP/1.1", "404 Not Found"),
        ("POST /shs/../shs/rs HTTP/1.1", "404 Not Found"), ("POST /shs%2Frs HTTP/1.1", "404 Not Found"),
        ("OPTIONS * HTTP/1.1", "404 Not Found"),
    ])
    func `other methods and paths are refused, and without a body the connection goes on`(
        line: String, status: String
    ) async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                try await connection.send("\(line)\r\nHost: localhost\r\n\r\n")
                let response = try await connection.receiveResponse()
                #expect(response.hasPrefix("HTTP/1.1 \(status)\r\n"))
                #expect(response.contains("\r\nAllow: POST\r\n") == status.hasPrefix("405"))
                #expect(response.contains("\r\nX-shs-errorcode: OtherError\r\n"))
                try await connection.send(request("Hej"))
                #expect(try await connection.receiveResponse().hasSuffix("\r\n\r\nHej"))
            }
            #expect(server.handler.requests.count == 1)
        }
    }

    @Test(arguments: ["https://localhost/shs/rs", "/shs/rs?from=here"])
    func `the absolute form and a query lead to the endpoint`(target: String) async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                try await connection.send("POST \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nHej")
                #expect(try await connection.receiveResponse().hasSuffix("\r\n\r\nHej"))
            }
        }
    }

    @Test(arguments: [
        ("Content-Encoding: gzip", "415 Unsupported Media Type"), ("Expect: a-miracle", "417 Expectation Failed"),
    ])
    func `encoded content and unknown expectations are refused`(field: String, status: String) async throws {
        try await RunningIngress.with { server in
            let arguments = ["--header", field, "--data-binary", "Hej", server.url]
            let result = try await server.curl(arguments)
            #expect(result.output.hasPrefix("HTTP/1.1 \(status)\r\n"))
            #expect(server.handler.requests.isEmpty)
            let identity = try await server.curl(["--header", "Content-Encoding: identity"] + arguments.dropFirst(2))
            #expect(identity.output.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a refusal by the handler keeps the connection`() async throws {
        let handler = TestHandler { _ in .refused(.brokerUnavailable, retryAfter: .seconds(42)) }
        try await RunningIngress.with(handler: handler) { server in
            try await RawConnection.with(server) { connection in
                for _ in 1...2 {
                    try await connection.send(request("Hej"))
                    let response = try await connection.receiveResponse()
                    #expect(response.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
                    #expect(response.contains("X-shs-errorcode: OtherError\r\n"))
                    #expect(response.contains("Retry-After: 42\r\n"))
                    #expect(!response.contains("Connection: close\r\n"))
                    #expect(response.hasSuffix(Fault.brokerUnavailable.sentence + "\n"))
                }
            }
        }
    }

    @Test func `a client that goes away while its request is handled harms nobody`() async throws {
        let gate = Gate()
        let handler = TestHandler {
            if $0.body == Array("leaving".utf8) { await gate.pass() }
            return .reply($0.body)
        }
        try await RunningIngress.with(handler: handler, configure: { $0.maximumRequestsInFlight = 1 }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("leaving"))
                await gate.someoneWaits()
            }
            gate.open()
            let retrying = ["--retry", "20", "--retry-all-errors", "--retry-delay", "1"]
            let result = try await server.curl(retrying + ["--data-binary", "staying", server.url])
            #expect(result.output.hasSuffix("staying"))
        }
    }

    @Test func `a megabyte goes there and back unchanged`() async throws {
        try await RunningIngress.with { server in
            let (sent, got) = (
                server.certificates.path("sent-\(server.port)"), server.certificates.path("got-\(server.port)")
            )
            _ = try await Tool.run(["dd", "if=/dev/urandom", "of=\(sent)", "bs=1M", "count=4", "status=none"])
            let result = try await server.curl([
                "--no-include", "--data-binary", "@\(sent)", "--output", got, server.url,
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(try await Tool.run(["cmp", sent, got]).status == 0)
        }
    }
}
