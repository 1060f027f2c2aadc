import HTTPIngress
import Logging
import SHS
import ServiceLifecycle
import Testing

/// How the server starts and stops.
@Suite(.timeLimit(.minutes(5)))
struct ShutdownTests {
    @Test func `graceful shutdown answers what is in flight, closes the idle and accepts nothing new`() async throws {
        let gate = Gate()
        let handler = TestHandler {
            if $0.body == Array("in flight".utf8) { await gate.pass() }
            return .reply($0.body)
        }
        try await RunningIngress.with(handler: handler) { server in
            try await RawConnection.with(server) { busy in
                try await RawConnection.with(server) { idle in
                    try await idle.send(request("idle"))
                    #expect(try await idle.receiveResponse().hasSuffix("idle"))
                    try await busy.send(request("in flight"))
                    await gate.someoneWaits()
                    await server.services.triggerGracefulShutdown()
                    #expect(await idle.receiveToEnd().isEmpty)
                }
                let refused = try await server.curl(["--data-binary", "new", server.url])
                #expect(refused.errors.contains("Failed to connect") || refused.errors.contains("Couldn't connect"))
                gate.open()
                let response = await busy.receiveToEnd()
                #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(response.lowercased().contains("connection: close\r\n"))
                #expect(response.hasSuffix("\r\n\r\nin flight"))
            }
        }
    }

    @Test func `what is still in flight after the time to shut down is refused as shutting down`() async throws {
        let handler = TestHandler { _ in
            // As a handler that waits for a reply: ends when cancelled.
            try? await Task.sleep(for: .seconds(60))
            return .refused(.internalError, retryAfter: nil)
        }
        try await RunningIngress.with(handler: handler, configure: { $0.shutdownTime = .milliseconds(200) }) { server in
            try await RawConnection.with(server) { waiting in
                try await RawConnection.with(server) { sending in
                    try await waiting.send(request("waiting"))
                    try await sending.send(request("", fields: ["Expect: 100-continue"], length: 100))
                    _ = try await sending.receive(until: "100 Continue\r\n\r\n")
                    while server.handler.requests.isEmpty { await Task.yield() }
                    await server.services.triggerGracefulShutdown()
                    for response in [await waiting.receiveToEnd(), await sending.receiveToEnd()] {
                        #expect(response.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"), "\(response)")
                        #expect(response.contains("Retry-After: "))
                        #expect(response.hasSuffix("\r\n\r\n" + Fault.shuttingDown.sentence + "\n"))
                    }
                }
            }
        }
    }

    @Test func `a port that is taken is an error that says so`() async throws {
        try await RunningIngress.with { server in
            var configuration = HTTPIngressConfiguration()
            configuration.port = server.port
            let second = HTTPIngress(
                configuration: configuration, credentials: server.credentials, handler: server.handler, logger: .silent
            )
            let error = await #expect(throws: HTTPIngressError.self) { try await second.run() }
            #expect(error?.code == .cannotListen)
            #expect(error?.description.contains("Address already in use") == true)
        }
    }
}
