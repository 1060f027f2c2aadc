import HTTPIngress
import Synchronization
import Testing

/// Requests in one go, bodies in crumbs, and clients that send but do not read.
@Suite(.timeLimit(.minutes(5)))
struct PipeliningTests {
    private let wrong = "GET /shs/rs HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test func `refusals of requests in one go take their time, and the next request is served`() async throws {
        try await RunningIngress.with(configure: { $0.pipelinedRefusalTime = .milliseconds(200) }) { server in
            try await RawConnection.with(server) { connection in
                let start = ContinuousClock.now
                try await connection.send(String(repeating: self.wrong, count: 4) + request("Hej"))
                for _ in 0..<4 {
                    #expect(try await connection.receiveResponse().hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
                }
                #expect(try await connection.receiveResponse().hasSuffix("Hej"))
                // The first came alone.
                #expect(ContinuousClock.now - start >= .milliseconds(600))
            }
        }
    }

    @Test func `refusals one after the other are not held back`() async throws {
        try await RunningIngress.with(configure: { $0.pipelinedRefusalTime = .seconds(10) }) { server in
            try await RawConnection.with(server) { connection in
                let start = ContinuousClock.now
                for _ in 0..<4 {
                    try await connection.send(self.wrong)
                    #expect(try await connection.receiveResponse().hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
                }
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }
    }

    @Test func `a client that leaves while a refusal is held back harms nobody`() async throws {
        try await RunningIngress.with(configure: { $0.pipelinedRefusalTime = .milliseconds(100) }) { server in
            for _ in 0..<5 {
                try await RawConnection.with(server) { connection in
                    try await connection.send(String(repeating: self.wrong, count: 3))
                    _ = try await connection.receiveResponse()
                }
            }
            #expect(try await server.curl(["--data-binary", "Hej", server.url]).output.hasSuffix("Hej"))
        }
    }

    @Test(arguments: [100, 101])
    func `a body may come in so many chunks and no more`(chunks: Int) async throws {
        try await RunningIngress.with(configure: { $0.maximumBodyPieces = 100 }) { server in
            try await RawConnection.with(server) { connection in
                try await connection.send(
                    "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        + String(repeating: "1\r\nx\r\n", count: chunks) + "0\r\n\r\n")
                let response = await connection.receiveToEnd()
                #expect(response.hasPrefix("HTTP/1.1 \(chunks == 100 ? 200 : 413) "), "\(response.prefix(100))")
            }
        }
    }

    @Test func `of a client that reads nothing no more is read than its answers have room for`() async throws {
        let handled = Mutex(0)
        let handler = TestHandler(remembers: false) { _ in
            handled.withLock { $0 += 1 }
            return .reply([UInt8](repeating: 1, count: 1 << 20))
        }
        try await RunningIngress.with(handler: handler, configure: { $0.responseTime = .seconds(2) }) { server in
            try await RawConnection.with(server) { connection in
                let message = request(String(repeating: "x", count: 20_000))
                // Taken by the system or not, and then the server has given up.
                for _ in 0..<200 { try? await connection.send(message) }
                let retrying = ["--retry", "20", "--retry-all-errors", "--retry-delay", "1"]
                let other = try await server.curl(retrying + ["--data-binary", "x", server.url])
                #expect(other.status == 0)
            }
            // The system's own buffers take some megabytes.
            #expect(handled.withLock { $0 } < 60)
        }
    }
}
