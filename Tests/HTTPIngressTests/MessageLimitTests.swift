import HTTPIngress
import SHS
import Testing

/// Size and speed of one message; every limit is small here, so that reaching it takes no time.
@Suite(.timeLimit(.minutes(5)))
struct MessageLimitTests {
    @Test func `a body that announces too much is refused before it is sent`() async throws {
        try await RunningIngress.with(configure: { $0.maximumBodyBytes = 1_000 }) { server in
            try await RawConnection.with(server) { connection in
                // Nothing of the body follows.
                try await connection.send(request("", length: 1_001))
                expectRefusal(await connection.receiveToEnd(), .messageTooLarge, status: "413 Payload Too Large")
            }
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test func `a body in chunks is refused as soon as it is too large`() async throws {
        try await RunningIngress.with(configure: { $0.maximumBodyBytes = 1_000 }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(
                    "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                )
                for _ in 1...3 {
                    try await connection.send("190\r\n" + String(repeating: "x", count: 400) + "\r\n")
                }
                expectRefusal(await connection.receiveToEnd(), .messageTooLarge, status: "413 Payload Too Large")
            }
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `a body of exactly the maximum is accepted`(inChunks: Bool) async throws {
        try await RunningIngress.with(configure: { $0.maximumBodyBytes = 1_000 }) { server in
            let fields = inChunks ? ["--header", "Transfer-Encoding: chunked"] : []
            let body = String(repeating: "x", count: 1_000)
            let result = try await server.curl(fields + ["--data-binary", body, server.url])
            #expect(result.output.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(server.handler.requests.map(\.body.count) == [1_000])
        }
    }

    @Test func `a client that is busy sending too much still reads why it was refused`() async throws {
        try await RunningIngress.with(configure: {
            $0.maximumBodyBytes = 100_000
            $0.lingerTime = .seconds(5)
        }) { server in
            // No Expect: curl sends at once. 8 MiB are more than all socket buffers on the way.
            let file = server.certificates.path("large-\(server.port)")
            _ = try await Tool.run(["truncate", "--size=8M", file])
            let result = try await server.curl(["--header", "Expect:", "--data-binary", "@\(file)", server.url])
            #expect(result.output.hasPrefix("HTTP/1.1 413 Payload Too Large\r\n"), "\(result.errors)")
        }
    }

    @Test func `a body that arrives too slowly is refused`() async throws {
        try await RunningIngress.with(configure: {
            $0.bodyGrace = .milliseconds(100)
            $0.minimumBodyRate = 1_000_000
        }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("a beginning", length: 1_000))
                expectRefusal(await connection.receiveToEnd(), .messageTooSlow, status: "408 Request Timeout")
            }
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "5;" + String(repeating: "x", count: 100_000), "0\r\nTrailer: " + String(repeating: "x", count: 100_000),
    ])
    func `a chunk's extension or a trailer that does not end is refused`(beginning: String) async throws {
        try await RunningIngress.with(configure: { $0.bodyGrace = .milliseconds(500) }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(
                    "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + beginning)
                let response = await connection.receiveToEnd()
                let statuses = ["408 Request Timeout", "431 Request Header Fields Too Large"]
                #expect(statuses.contains { response.hasPrefix("HTTP/1.1 \($0)\r\n") }, "\(response)")
            }
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test func `a header that does not end is refused`() async throws {
        try await RunningIngress.with(configure: { $0.headerTime = .milliseconds(100) }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send("POST /shs/rs HTTP/1.1\r\nHost: localhost\r\n")
                expectRefusal(await connection.receiveToEnd(), .messageTooSlow, status: "408 Request Timeout")
            }
        }
    }

    @Test func `a second header on a connection has its own time`() async throws {
        try await RunningIngress.with(configure: { $0.headerTime = .milliseconds(200) }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("first"))
                #expect(try await connection.receiveResponse().hasSuffix("first"))
                try await connection.send("POST /shs/rs HT")
                expectRefusal(await connection.receiveToEnd(), .messageTooSlow, status: "408 Request Timeout")
            }
        }
    }

    @Test(arguments: [
        "X-Long: " + String(repeating: "x", count: 3_000), "X: y\r\nX: y\r\nX: y\r\nX: y\r\nX: y\r\nX: y",
    ])
    func `a header that is too large, or of too many fields, is refused`(fields: String) async throws {
        try await RunningIngress.with(configure: {
            $0.maximumHeaderBytes = 2_048
            $0.maximumHeaderCount = 6
        }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("Hej", fields: [fields]))
                let response = await connection.receiveToEnd()
                #expect(response.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
                #expect(response.contains("Connection: close\r\n"))
            }
            #expect(server.handler.requests.isEmpty)
        }
    }

    @Test func `a client that expects 100 Continue gets it, and then its reply`() async throws {
        try await RunningIngress.with { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("", fields: ["Expect: 100-continue"], length: 3))
                #expect(try await connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await connection.send("Hej")
                #expect(try await connection.receiveResponse().hasSuffix("\r\n\r\nHej"))
                try await connection.send(request("again"))
                #expect(try await connection.receiveResponse().hasSuffix("again"))
            }
        }
    }

    @Test func `a client that expects 100 Continue for too large a body is refused instead`() async throws {
        try await RunningIngress.with(configure: { $0.maximumBodyBytes = 10 }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("", fields: ["Expect: 100-continue"], length: 11))
                expectRefusal(await connection.receiveToEnd(), .messageTooLarge, status: "413 Payload Too Large")
            }
        }
    }
}

/// The whole response is this fault's, and the connection's last.
func expectRefusal(
    _ response: String, _ fault: Fault, status: String, closes: Bool = true, location: SourceLocation = #_sourceLocation
) {
    #expect(response.hasPrefix("HTTP/1.1 \(status)\r\n"), sourceLocation: location)
    #expect(response.contains("X-shs-errorcode: \(fault.code.rawValue)\r\n"), sourceLocation: location)
    #expect(response.contains("Content-Type: text/plain; charset=us-ascii\r\n"), sourceLocation: location)
    #expect(response.contains("Connection: close\r\n") == closes, sourceLocation: location)
    #expect(response.contains("Retry-After: ") == fault.isRetriable, sourceLocation: location)
    #expect(response.hasSuffix("\r\n\r\n\(fault.sentence)\n"), sourceLocation: location)
}
