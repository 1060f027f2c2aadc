/// Why something that was asked of the broker did not happen.
///
/// Holds codes, the operation and, for refusals that cannot quote a message, the broker's own sentence. Never content.
package struct AMQPError: Error, Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        /// There was no connection when this was asked; nothing was sent.
        case notConnected
        /// The connection went away before the answer; the broker may or may not have taken the message.
        case connectionLost
        /// The broker could not be reached or ended the handshake.
        case connectFailed
        /// The broker does not accept our credentials or the virtual host.
        case authenticationRefused
        /// The TLS handshake failed or the broker's certificate is not acceptable.
        case tlsFailed
        /// The broker is out of memory or disk and takes no messages; nothing was sent.
        case blocked
        /// No queue was bound for the message; the broker gave it back. See `replyCode`.
        case returned
        /// The broker said no (basic.nack): the queue is full or its log could not be written.
        case rejected
        /// No confirm within the time limit; the broker may or may not have taken the message.
        case confirmTimedOut
        /// The broker closed the channel, mostly since another publish on it was refused. See `replyCode`.
        case channelClosed
        /// A declaration, consumer or queue request was refused. See `replyCode`.
        case requestRefused
        /// The message cannot be expressed in AMQP (a name above 255 bytes, headers above a frame).
        case invalidMessage
        /// A configuration value is out of range; `operation` names it.
        case invalidConfiguration
        /// The wait ended before the condition came true.
        case timedOut
        /// The connection was shut down by its owner and will not come back.
        case shutDown
    }

    /// What the caller can do about it.
    package enum Remedy: Sendable {
        /// The same call may succeed later; the connection heals itself in the meantime.
        case retry
        /// The same call will fail again until someone changes something.
        case giveUp
    }

    package var code: Code

    /// The AMQP method or setting concerned, for example `basic.publish`.
    package var operation: String

    /// librabbitmq's own status, when it is the source.
    package var status: AMQPStatus?

    /// The broker's reply code (AMQP 0-9-1 §1.8 constants), for example 312 NO_ROUTE or 404 NOT_FOUND.
    package var replyCode: Int?

    /// The broker's sentence, only for reply codes whose sentence names nothing but exchanges, queues and users.
    package var detail: String?

    package init(
        _ code: Code, operation: String, status: AMQPStatus? = nil, replyCode: Int? = nil, detail: String? = nil
    ) {
        self.code = code
        self.operation = operation
        self.status = status
        self.replyCode = replyCode
        self.detail = detail
    }

    package var remedy: Remedy {
        switch self.code {
        case .notConnected, .connectionLost, .connectFailed, .blocked, .rejected, .confirmTimedOut, .channelClosed,
            .timedOut, .tlsFailed, .authenticationRefused:
            .retry
        case .returned, .requestRefused, .invalidMessage, .invalidConfiguration, .shutDown:
            .giveUp
        }
    }

    /// The broker answered and said no to who we are or what we need: another attempt says the same.
    package var isRefusal: Bool {
        switch self.code {
        case .authenticationRefused, .tlsFailed, .requestRefused, .invalidConfiguration: true
        case .notConnected, .connectionLost, .connectFailed, .blocked, .returned, .rejected, .confirmTimedOut,
            .channelClosed, .invalidMessage, .timedOut, .shutDown:
            false
        }
    }

    package var isRetriable: Bool { self.remedy == .retry }

    /// A refusal by the broker: 501 to 505 are left without their sentence, since that may quote bytes of a frame.
    static func refusal(_ code: Code, operation: String, replyCode: Int, text: String) -> AMQPError {
        let isHarmless = [311, 320, 402, 403, 404, 405, 406, 530, 541].contains(replyCode)
        return AMQPError(code, operation: operation, replyCode: replyCode, detail: isHarmless ? text : nil)
    }
}

extension AMQPError: CustomStringConvertible {
    package var description: String {
        var text = "\(self.code.rawValue) (\(self.operation))"
        if let replyCode { text += " \(replyCode)" }
        if let detail { text += ": \(detail)" }
        if let status { text += " [\(status)]" }
        return text
    }
}
