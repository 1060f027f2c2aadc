import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP server on loopback, for what places of lists do: answer, redirect, hang, send without end.
final class PlaceServer: Sendable {
    /// What one path answers.
    enum Reply: Sendable {
        /// 304 when the request shows the tag.
        case bytes([UInt8], tag: String? = nil)
        case status(Int)
        case redirect(to: String)
        /// Takes the request and says nothing.
        case hang
        /// Begins a body and does not go on.
        case hangInBody
        /// A body of this many bytes, with or without saying so before.
        case flood(Int, announced: Bool)
    }

    let port: Int
    private let channel: any Channel
    private let replies = Mutex<[String: Reply]>([:])
    private let requests = Mutex<[String]>([])
    private let questions = Mutex<[[UInt8]]>([])

    init() async throws {
        let box = Box()
        self.channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(PlaceHandler(box: box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.port = self.channel.localAddress?.port ?? 0
        box.server.withLock { $0 = self }
    }

    func stop() async { try? await self.channel.close() }

    func address(_ path: String) -> String { "http://127.0.0.1:\(self.port)\(path)" }

    func set(_ path: String, _ reply: Reply) { self.replies.withLock { $0[path] = reply } }

    /// How many requests a path had.
    func count(_ path: String) -> Int { self.requests.withLock { $0.count { $0 == path } } }

    /// The bodies of requests that came as OCSP asks for it (RFC 6960 §A.1).
    var askedQuestions: [[UInt8]] { self.questions.withLock { $0 } }

    fileprivate func asked(_ question: [UInt8]) { self.questions.withLock { $0.append(question) } }

    fileprivate func reply(to path: String) -> Reply {
        self.requests.withLock { $0.append(path) }
        return self.replies.withLock { $0[path] } ?? .status(404)
    }
}

private final class Box: Sendable {
    let server = Mutex<PlaceServer?>(nil)
}

private final class PlaceHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let box: Box
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var left = 0
    private var isPouring = false

    init(box: Box) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body = []
        case .body(let bytes): self.body += Array(bytes.readableBytesView)
        case .end: self.answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head, let server = self.box.server.withLock({ $0 }) else { return }
        if head.method == .POST, head.headers["Content-Type"] == ["application/ocsp-request"] {
            server.asked(self.body)
        }
        switch server.reply(to: head.uri) {
        case .bytes(let bytes, let tag):
            if let tag, head.headers["If-None-Match"] == [tag] {
                self.send(context, .notModified, [:], [])
            } else {
                self.send(context, .ok, tag.map { ["ETag": $0] } ?? [:], bytes)
            }
        case .status(let code): self.send(context, .init(statusCode: code), [:], [])
        case .redirect(let address): self.send(context, .found, ["Location": address], [])
        case .hang: break
        case .hangInBody:
            self.begin(context, .ok, ["Content-Length": "1000"])
            context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: [0x30])))), promise: nil)
        case .flood(let count, let announced):
            self.begin(context, .ok, announced ? ["Content-Length": "\(count)"] : ["Transfer-Encoding": "chunked"])
            self.left = count
            self.pour(context)
        }
    }

    private func begin(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ headers: [String: String]) {
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(headers.map { ($0, $1) }))
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
    }

    private func send(
        _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ headers: [String: String], _ body: [UInt8]
    ) {
        self.begin(context, status, headers.merging(["Content-Length": "\(body.count)"]) { first, _ in first })
        context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Writes as fast as the other side reads, and stops when it is gone.
    ///
    /// A flush may make the channel writable again and call this from within itself.
    private func pour(_ context: ChannelHandlerContext) {
        guard !self.isPouring else { return }
        self.isPouring = true
        defer { self.isPouring = false }
        while self.left > 0, context.channel.isWritable {
            let piece = min(self.left, 65_536)
            self.left -= piece
            let zeros = ByteBuffer(repeating: 0x30, count: piece)
            context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(zeros))), promise: nil)
        }
        if self.left == 0 { context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { if self.left > 0 { self.pour(context) } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
