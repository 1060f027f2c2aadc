import HTTPIngress
import SHS
import Testing

/// How many may be connected and in flight, and for how long without doing anything.
@Suite(.timeLimit(.minutes(5)))
struct ConnectionLimitTests {
    @Test(arguments: [true, false])
    func `connections beyond the limit are closed at once, and are possible again later`(
        perAddress: Bool
    ) async throws {
        try await RunningIngress.with(configure: {
            $0.maximumConnectionsPerAddress = perAddress ? 2 : 64
            $0.maximumConnections = perAddress ? 2_000 : 2
        }) { server in
            try await RawConnection.with(server) { first in
                try await first.send(request("first"))
                #expect(try await first.receiveResponse().hasSuffix("first"))
                try await RawConnection.with(server) { second in
                    try await second.send(request("second"))
                    #expect(try await second.receiveResponse().hasSuffix("second"))
                    let third = try await RawConnection.with(server, secure: false) { await $0.receiveToEnd() }
                    #expect(third.isEmpty)
                    let curl = try await server.curl(["--data-binary", "third", server.url])
                    #expect(curl.status != 0)
                }
                // The server may learn a moment later than we that the second connection is gone.
                let retrying = ["--retry", "20", "--retry-all-errors", "--retry-delay", "1"]
                let fourth = try await server.curl(retrying + ["--data-binary", "fourth", server.url])
                #expect(fourth.output.hasSuffix("fourth"), "\(fourth.errors)")
            }
            #expect(server.handler.requests.count == 3)
        }
    }

    @Test func `a request beyond those in flight is refused and told to try again`() async throws {
        let gate = Gate()
        let handler = TestHandler {
            await gate.pass()
            return .reply($0.body)
        }
        try await RunningIngress.with(
            handler: handler,
            configure: {
                $0.maximumRequestsInFlight = 1
                $0.retryAfter = .milliseconds(6_500)
            }
        ) { server in
            try await RawConnection.with(server) { first in
                try await first.send(request("first"))
                await gate.someoneWaits()
                try await RawConnection.with(server) { second in
                    try await second.send(request("second"))
                    let response = try await second.receiveResponse()
                    expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests", closes: false)
                    #expect(response.contains("Retry-After: 7\r\n"))
                    gate.open()
                    #expect(try await first.receiveResponse().hasSuffix("first"))
                    // On the connection that was refused a request.
                    try await second.send(request("second again"))
                    #expect(try await second.receiveResponse().hasSuffix("second again"))
                }
                try await first.send(request("third"))
                #expect(try await first.receiveResponse().hasSuffix("third"))
            }
        }
    }

    @Test func `bodies that together take too much memory are refused, and the memory is given back`() async throws {
        let gate = Gate()
        let handler = TestHandler {
            await gate.pass()
            return .reply($0.body)
        }
        try await RunningIngress.with(handler: handler, configure: { $0.maximumBufferedBytes = 1_000 }) { server in
            let body = String(repeating: "x", count: 600)
            try await RawConnection.with(server) { first in
                try await first.send(request(body))
                await gate.someoneWaits()
                try await RawConnection.with(server) { second in
                    try await second.send(request(body))
                    let response = await second.receiveToEnd()
                    expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests")
                }
                gate.open()
                for _ in 1...3 {
                    #expect(try await first.receiveResponse().hasSuffix(body))
                    try await first.send(request(body))
                }
                #expect(try await first.receiveResponse().hasSuffix(body))
            }
        }
    }

    @Test func `an idle connection is closed`() async throws {
        // Long enough for a handshake and a request on a machine that is busy with other tests.
        try await RunningIngress.with(configure: { $0.idleTime = .seconds(4) }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("Hej"))
                #expect(try await connection.receiveResponse().hasSuffix("Hej"))
                #expect(await connection.receiveToEnd().isEmpty)
            }
            try await RawConnection.with(server) { connection in
                #expect(await connection.receiveToEnd().isEmpty)
            }
        }
    }

    @Test func `a connection that does not finish its TLS handshake is closed`() async throws {
        try await RunningIngress.with(configure: { $0.handshakeTime = .milliseconds(100) }) { server in
            try await RawConnection.with(server, secure: false) { connection in
                // A record header that announces a hello which never comes.
                // On a busy machine the time may have passed before this is sent, and the connection be closed.
                try? await connection.send("\u{16}\u{03}\u{01}")
                #expect(await connection.receiveToEnd().isEmpty)
            }
        }
    }

    @Test func `whoever says nothing loses his place to the next, and a client is served beside a crowd of them`()
        async throws
    {
        try await RunningIngress.with(configure: { $0.maximumHandshakes = 2 }) { server in
            try await RawConnection.with(server, secure: false) { first in
                try await RawConnection.with(server, secure: false) { _ in
                    try await RawConnection.with(server) { client in
                        #expect(await first.receiveToEnd().isEmpty)
                        try await client.send(request("Hej"))
                        #expect(try await client.receiveResponse().hasSuffix("Hej"))
                        try await RawConnection.with(server, secure: false) { _ in
                            try await RawConnection.with(server, secure: false) { _ in
                                try await client.send(request("still here"))
                                #expect(try await client.receiveResponse().hasSuffix("still here"))
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `bodies of one client leave room for those of others`() async throws {
        let gate = Gate()
        let handler = TestHandler {
            await gate.pass()
            return .reply($0.body)
        }
        try await RunningIngress.with(
            handler: handler, configure: { $0.maximumBufferedBytesPerCertificate = 1_000 }
        ) { server in
            let body = String(repeating: "x", count: 600)
            try await RawConnection.with(server) { first in
                try await first.send(request(body))
                await gate.someoneWaits()
                try await RawConnection.with(server) { second in
                    try await second.send(request(body))
                    let response = await second.receiveToEnd()
                    expectRefusal(response, .tooManyRequests, status: "429 Too Many Requests")
                }
                async let other = server.curl(["--data-binary", body, server.url], as: "stranger")
                gate.open()
                #expect(try await other.output.hasSuffix(body))
                #expect(try await first.receiveResponse().hasSuffix(body))
            }
        }
    }

    @Test func `waiting for the handler is not being idle`() async throws {
        let handler = TestHandler {
            try? await Task.sleep(for: .milliseconds(5_500))
            return .reply($0.body)
        }
        try await RunningIngress.with(
            handler: handler,
            configure: {
                $0.idleTime = .seconds(4)
                $0.headerTime = .seconds(4)
                $0.bodyGrace = .seconds(4)
            }
        ) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(request("Hej"))
                #expect(try await connection.receiveResponse().hasSuffix("Hej"))
            }
        }
    }
}
