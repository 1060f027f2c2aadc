internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import SSBTEK

/// What a failed exchange with a base service is called in the answer, by the kind of error and never by its text.
enum BaseServiceFailure {
    static func code(of error: any Error) -> GatewayErrorCode {
        switch error {
        case is ResponseCollector.TooLarge: .answerAgainstContract
        case is CancellationError: .noAnswerInTime
        case let error as HTTPClientError where self.timeouts.contains(error): .noAnswerInTime
        case let error as HTTPParserError where error != .invalidEOFState: .answerAgainstContract
        case is NIOHTTPDecoderError: .answerAgainstContract
        // Connection refused, reset or timed out, name unknown, TLS refused by either side.
        default: .notReachable
        }
    }

    /// Whether the connection ended under the request, rather than that it could not be made.
    static func isClosedConnection(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case let error as HTTPParserError: error == .invalidEOFState
        case let error as ChannelError: [.ioOnClosedChannel, .alreadyClosed, .eof].contains(error)
        case let error as IOError: [ECONNRESET, EPIPE].contains(error.errnoCode)
        default: false
        }
    }

    /// What async-http-client calls the end of the time, or of our own waiting.
    private static let timeouts: [HTTPClientError] = [
        .deadlineExceeded, .readTimeout, .writeTimeout, .cancelled, .requestStreamCancelled,
    ]
}
