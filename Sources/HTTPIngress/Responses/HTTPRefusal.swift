import SHS

/// A response that accepts nothing: a ``SHS/Fault``, or a request that is not even HTTP as this endpoint speaks it.
///
/// The body is one fixed sentence, so nothing of the request can come back in it.
struct HTTPRefusal: Equatable, Sendable {
    /// Closed set of reasons; names the metric's dimension.
    let reason: String
    let status: Int
    let sentence: String
    let code: SHSErrorCode
    /// Whole seconds, rounded up.
    private(set) var retryAfter: Int64?
    private(set) var allowedMethod: String?

    private init(_ reason: String, _ status: Int, _ sentence: String) {
        self.reason = reason
        self.status = status
        self.sentence = sentence
        self.code = .otherError
    }

    /// A fault of the project's list; `Retry-After` goes with it where the fault is retriable.
    init(_ fault: Fault, retryAfter: Duration) {
        self.reason = fault.rawValue
        self.status = fault.httpStatus
        self.sentence = fault.sentence
        self.code = fault.code
        if fault.isRetriable {
            let (seconds, attoseconds) = retryAfter.components
            self.retryAfter = max(1, attoseconds > 0 ? seconds + 1 : seconds)
        }
    }

    /// Framing that two readers could understand differently, or a header that is not HTTP (RFC 9112 sections 3 and 6).
    static let badRequest = Self("bad-request", 400, "The request is not valid HTTP/1.1.")
    /// RFC 6585 section 5.
    static let headerTooLarge = Self("header-too-large", 431, "The request header is larger than this node accepts.")
    static let notFound = Self("not-found", 404, "There is nothing at this path.")
    /// RFC 9110 section 10.1.1: any expectation but `100-continue`.
    static let expectationFailed = Self("expectation-failed", 417, "The expectation cannot be met.")
    /// RFC 9110 section 15.5.6 requires the field `Allow`.
    static let methodNotAllowed = {
        var refusal = Self("method-not-allowed", 405, "Only POST is accepted here.")
        refusal.allowedMethod = "POST"
        return refusal
    }()

    /// All reasons there are, for metrics made beforehand.
    static let allReasons: [String] =
        [badRequest, headerTooLarge, notFound, expectationFailed, methodNotAllowed].map(\.reason)
        + Fault.allCases.map(\.rawValue)
}
