import HTTPIngress
import SHS
import Testing

/// Nothing that a client sends is ever logged, whatever it sends.
@Suite(.timeLimit(.minutes(5)))
struct LogTests {
    @Test func `no part of any request appears in the log, and no client is named`() async throws {
        let marker = "198001019876"
        let log = LogRecorder()
        let handler = TestHandler { _ in .refused(.signatureInvalid, retryAfter: nil) }
        try await RunningIngress.with(
            handler: handler, logger: log.logger, configure: { $0.maximumBodyBytes = 1_000 }
        ) { server in
            server.credentials.refuse(try server.certificates.bytes("stranger.der"))
            for text in [
                request(marker, fields: ["X-\(marker): \(marker)", "Connection: close"]),
                "POST /\(marker) HTTP/1.1\r\nHost: \(marker)\r\nContent-Length: 1\r\n\r\n",
                "\(marker) /shs/rs HTTP/1.1\r\n\r\n", "POST /shs/rs HTTP/1.1\r\n\(marker)\r\n\r\n",
                request(marker, fields: ["Content-Length: \(marker)"]), request(marker, length: 1_001),
                "POST /shs/rs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(marker)z\r\n",
            ] {
                _ = try await RawConnection.with(server) { connection in
                    try await connection.send(text)
                    return await connection.receiveToEnd()
                }
            }
            _ = try await server.curl(["--data-binary", marker, server.url], as: "stranger")
            _ = try await server.curl(["--data-binary", marker, server.url], as: nil)
        }
        #expect(handler.requests.count == 1)
        #expect(log.lines.contains { $0.contains("message-too-large") }, "the log was recorded")
        for line in log.lines {
            #expect(!line.contains(marker) && !line.contains("stranger"), "\(line)")
        }
    }
}
