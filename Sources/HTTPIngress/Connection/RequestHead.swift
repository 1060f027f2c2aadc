import NIOHTTP1
import SHS

/// The decision about a request's header: everything that can be refused before a byte of the body is read.
///
/// Pure. NIO's parser (llhttp, strict) already refuses most of the framing below; it is decided here once more, because a
/// request that a proxy in front reads differently is an attack on whoever's request comes next (RFC 9112 section 11.2).
struct RequestHead: Sendable, Equatable {
    let contentType: String?
    /// Nil when the body comes in chunks.
    let contentLength: Int?
    /// Whether the client waits for `100 Continue` before it sends the body.
    let expectsContinue: Bool
    /// Whether the connection can serve another request afterwards.
    let keepsAlive: Bool

    enum Decision: Equatable {
        case accepted(RequestHead)
        /// `keepsAlive` is only true when no body follows, so that the next byte is the next request.
        case refused(HTTPRefusal, keepsAlive: Bool)
    }

    static func decide(_ head: HTTPRequestHead, configuration: HTTPIngressConfiguration) -> Decision {
        guard let framing = Framing(head) else { return .refused(.badRequest, keepsAlive: false) }
        let keepsAlive = head.version == .http1_1 && head.isKeepAlive && !head.headers.contains(name: "upgrade")
        let staysOpen = keepsAlive && framing == .length(0)
        let headers = head.headers

        guard path(of: head.uri) == configuration.path else { return .refused(.notFound, keepsAlive: staysOpen) }
        guard head.method == .POST else { return .refused(.methodNotAllowed, keepsAlive: staysOpen) }

        let expectation = headers.first(name: "expect")?.lowercased()
        guard expectation == nil || expectation == "100-continue" else {
            return .refused(.expectationFailed, keepsAlive: staysOpen)
        }
        let contentEncodings = headers[canonicalForm: "content-encoding"]
        guard contentEncodings.allSatisfy({ $0.lowercased() == "identity" }) else {
            return .refused(fault(.wrongContentType, configuration), keepsAlive: staysOpen)
        }
        var length: Int?
        if case .length(let count) = framing {
            guard count <= configuration.maximumBodyBytes else {
                return .refused(fault(.messageTooLarge, configuration), keepsAlive: false)
            }
            length = count
        }
        return .accepted(
            RequestHead(
                contentType: headers.first(name: "content-type"),
                contentLength: length,
                expectsContinue: expectation != nil && head.version == .http1_1 && length != 0,
                keepsAlive: keepsAlive
            )
        )
    }

    private static func fault(_ fault: Fault, _ configuration: HTTPIngressConfiguration) -> HTTPRefusal {
        HTTPRefusal(fault, retryAfter: configuration.retryAfter)
    }

    /// The path of a request target in origin or absolute form, without its query (RFC 9112 section 3.2).
    private static func path(of target: String) -> Substring {
        var rest = Substring(target)
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...]
        }
        return rest.prefix { $0 != "?" && $0 != "#" }
    }
}

/// Where a request's body ends, when there is exactly one way to read it (RFC 9112 section 6.3).
private enum Framing: Equatable {
    case length(Int)
    case chunked

    init?(_ head: HTTPRequestHead) {
        let headers = head.headers
        guard head.version == .http1_1 || head.version == .http1_0 else { return nil }
        // RFC 9112 section 3.2: a 1.1 request has exactly one Host.
        let hosts = headers["host"].count
        guard hosts == 1 || (hosts == 0 && head.version == .http1_0) else { return nil }
        // Two types for one body would be read differently by two readers.
        guard headers["content-type"].count <= 1, headers["expect"].count <= 1 else { return nil }

        let lengths = headers["content-length"]
        let codings = headers["transfer-encoding"]
        switch (lengths.count, codings.count) {
        case (0, 0):
            self = .length(0)
        case (1, 0):
            guard !lengths[0].isEmpty,
                lengths[0].utf8.allSatisfy({ UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }),
                let length = Int(lengths[0])
            else { return nil }
            self = .length(length)
        case (0, 1):
            guard codings[0].lowercased() == "chunked", head.version == .http1_1 else { return nil }
            self = .chunked
        default:
            return nil
        }
    }
}
