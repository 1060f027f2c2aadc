import NIOCore
import NIOPosix
import NIOSSL

/// A client that sends whatever bytes the test wants, over mutual TLS, and shows what comes back as text.
struct RawConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ""

    /// - Parameter secure: false connects with TCP alone.
    static func with<Result: Sendable>(
        _ server: RunningIngress, as name: String = "client", secure: Bool = true,
        _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let tls = secure ? try Self.context(server.certificates, name) : nil
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        )
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    private static func context(_ certificates: TestCertificates, _ name: String) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(certificates.path("root.pem"))
        configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificates.path("\(name).pem"))
            .map { .certificate($0) }
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(file: certificates.path("\(name).key"), format: .pem)
        )
        configuration.shutdownTimeout = .milliseconds(200)
        return try NIOSSLContext(configuration: configuration)
    }

    func send(_ text: String) async throws { try await self.outbound.write(ByteBuffer(string: text)) }

    /// Everything up to and including `marker`; throws when the connection ends before.
    mutating func receive(until marker: String) async throws -> String {
        while true {
            if let range = self.received.firstRange(of: marker) {
                let text = String(self.received[..<range.upperBound])
                self.received.removeSubrange(..<range.upperBound)
                return text
            }
            guard let bytes = try await self.inbound.next(isolation: #isolation) else {
                throw TestError("ended after: \(self.received)")
            }
            self.received += String(buffer: bytes)
        }
    }

    /// One response with a `Content-Length`, header and body.
    mutating func receiveResponse() async throws -> String {
        let head = try await self.receive(until: "\r\n\r\n")
        guard let field = head.firstRange(of: "Content-Length: "),
            let length = Int(head[field.upperBound...].prefix { $0.isNumber })
        else { return head }
        while self.received.utf8.count < length {
            guard let bytes = try await self.inbound.next(isolation: #isolation) else {
                throw TestError("body ended early")
            }
            self.received += String(buffer: bytes)
        }
        let body = String(self.received.utf8.prefix(length)) ?? ""
        self.received.removeFirst(body.count)
        return head + body
    }

    /// Whatever comes until the server ends the connection, politely or not.
    mutating func receiveToEnd() async -> String {
        // A connection that is reset, or closed without farewell, has ended too.
        while let bytes = try? await self.inbound.next(isolation: #isolation) { self.received += String(buffer: bytes) }
        defer { self.received = "" }
        return self.received
    }
}

/// The text of a request to the SHS endpoint.
func request(_ body: String, fields: [String] = [], length: Int? = nil) -> String {
    let lines = ["POST /shs/rs HTTP/1.1", "Host: localhost", "Content-Length: \(length ?? body.utf8.count)"] + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}
