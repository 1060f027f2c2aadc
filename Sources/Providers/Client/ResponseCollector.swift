internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Collects one HTTP response, up to a number of bytes: memory does not depend on what the other side sends.
final class ResponseCollector: HTTPClientResponseDelegate {
    /// The body is, or says that it is, larger than allowed.
    struct TooLarge: Error {}

    private struct State {
        var head: HTTPResponseHead?
        var body = ByteBuffer()
    }

    private let maximumBytes: Int
    private let state = Mutex(State())

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Whether anything of a response has arrived: the request has been processed then.
    var hasBegun: Bool { self.state.withLock { $0.head != nil } }

    func didReceiveHead(task: HTTPClient.Task<BaseServiceResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        self.state.withLock { $0.head = head }
        if let announced = head.headers.first(name: "Content-Length").flatMap({ Int($0) }),
            announced > self.maximumBytes
        {
            return task.eventLoop.makeFailedFuture(TooLarge())
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<BaseServiceResponse>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = self.state.withLock { state in
            guard state.body.readableBytes + part.readableBytes <= self.maximumBytes else {
                state.body = ByteBuffer()
                return false
            }
            if state.body.readableBytes == 0 {
                state.body = part
            } else {
                state.body.writeImmutableBuffer(part)
            }
            return true
        }
        return fits ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(TooLarge())
    }

    func didFinishRequest(task: HTTPClient.Task<BaseServiceResponse>) throws -> BaseServiceResponse {
        try self.state.withLock { state in
            guard let head = state.head else { throw HTTPClientError.remoteConnectionClosed }
            defer { state.body = ByteBuffer() }
            return BaseServiceResponse(
                status: Int(head.status.code), contentType: head.headers.first(name: "Content-Type"),
                body: Array(state.body.readableBytesView))
        }
    }
}
