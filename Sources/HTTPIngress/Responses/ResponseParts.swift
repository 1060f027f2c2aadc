import FoundationEssentials
import NIOCore
import NIOHTTP1
import SHS

/// The HTTP form of what is answered: head and body, ready to be written.
///
/// No `Server` field. `Cache-Control: no-store`, since every body is either confidential or about this moment.
struct ResponseParts {
    let status: HTTPResponseStatus
    var headers: HTTPHeaders
    let body: ByteBuffer

    /// The signed reply: a whole `message/rfc822` entity (wire page, section 2.4).
    init(reply: [UInt8], allocator: ByteBufferAllocator) {
        self.status = .ok
        self.body = allocator.buffer(bytes: reply)
        self.headers = ["Content-Type": "message/rfc822"]
        self.addCommonHeaders()
    }

    init(refusal: HTTPRefusal, allocator: ByteBufferAllocator) {
        self.status = HTTPResponseStatus(statusCode: refusal.status)
        self.body = allocator.buffer(string: refusal.sentence + "\n")
        self.headers = ["Content-Type": "text/plain; charset=us-ascii", "X-shs-errorcode": refusal.code.rawValue]
        if let seconds = refusal.retryAfter { self.headers.add(name: "Retry-After", value: "\(seconds)") }
        if let method = refusal.allowedMethod { self.headers.add(name: "Allow", value: method) }
        self.addCommonHeaders()
    }

    private mutating func addCommonHeaders() {
        self.headers.add(name: "Content-Length", value: "\(self.body.readableBytes)")
        self.headers.add(name: "Cache-Control", value: "no-store")
        self.headers.add(name: "Date", value: HTTPDate(secondsSince1970: Int(Date().timeIntervalSince1970)).text)
    }
}
