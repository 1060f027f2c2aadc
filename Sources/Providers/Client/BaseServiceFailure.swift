internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import SSBTEK

/// Why an exchange with a base service failed, by the kind of error and never by its text.
enum BaseServiceFailure: CaseIterable {
    /// No answer within the time.
    case timedOut
    /// We gave up waiting ourselves, for a shutdown.
    case cancelled
    /// What came is no HTTP, or too large.
    case garbage
    /// The connection ended under the request.
    case closedConnection
    /// TLS was refused by either side: another attempt would be refused as well.
    case untrusted
    /// Connection refused, no route, no such name, or no connection in time.
    case unreachable

    init(_ error: any Error) {
        switch error {
        case is ResponseCollector.TooLarge, is NIOHTTPDecoderError: self = .garbage
        case is CancellationError: self = .cancelled
        case is ServerRefused, is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .untrusted
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timedOut
            case .cancelled, .requestStreamCancelled: self = .cancelled
            case .remoteConnectionClosed: self = .closedConnection
            default: self = .unreachable
            }
        case let error as HTTPParserError: self = error == .invalidEOFState ? .closedConnection : .garbage
        case let error as ChannelError where [.ioOnClosedChannel, .alreadyClosed, .eof].contains(error):
            self = .closedConnection
        case let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode): self = .closedConnection
        default: self = .unreachable
        }
    }

    /// What it is called in the answer.
    var code: GatewayErrorCode {
        switch self {
        case .timedOut, .cancelled: .noAnswerInTime
        case .garbage: .answerAgainstContract
        case .closedConnection, .untrusted, .unreachable: .notReachable
        }
    }
}

/// The server's certificate is not accepted by the gateway's own decision.
struct ServerRefused: Error {}
