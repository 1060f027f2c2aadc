/// Puts the frames of one channel's content back together: a method, one header, and as many body frames as it takes
/// (AMQP 0-9-1 §4.2.6).
///
/// Pure.
struct ContentAssembler {
    enum Method: Equatable {
        case deliver(DeliverMethod)
        case returned(replyCode: Int)
    }

    /// A whole message and the method it came with.
    struct Content: Equatable {
        var method: Method
        var message: AMQPMessage
        var publishNumber: UInt64?
    }

    private enum State {
        case idle
        case method(Method)
        case body(Content, missing: UInt64)
    }

    private var state = State.idle

    init() {}

    /// False when a content was not finished before: the stream cannot be trusted any more.
    mutating func method(_ method: Method) -> Bool {
        guard case .idle = self.state else { return false }
        self.state = .method(method)
        return true
    }

    enum Step: Equatable {
        case incomplete
        case complete(Content)
        case protocolError
    }

    mutating func header(_ message: AMQPMessage, bodySize: UInt64, publishNumber: UInt64?) -> Step {
        guard case .method(let method) = self.state else { return .protocolError }
        let content = Content(method: method, message: message, publishNumber: publishNumber)
        if bodySize == 0 {
            self.state = .idle
            return .complete(content)
        }
        self.state = .body(content, missing: bodySize)
        return .incomplete
    }

    mutating func body(_ bytes: [UInt8]) -> Step {
        guard case .body(var content, let missing) = self.state, UInt64(bytes.count) <= missing else {
            return .protocolError
        }
        // Taken out before it is changed, or every append would copy what is there.
        self.state = .idle
        if content.message.body.isEmpty {
            content.message.body = bytes
        } else {
            content.message.body += bytes
        }
        let rest = missing - UInt64(bytes.count)
        if rest == 0 { return .complete(content) }
        if content.message.body.count == bytes.count {
            // The first of several: make room for all of them, within reason since the size is only a claim.
            content.message.body.reserveCapacity(Int(min(rest, 16_777_216)) + bytes.count)
        }
        self.state = .body(content, missing: rest)
        return .incomplete
    }
}
