/// The names of message headers.
///
/// What stands under them is readable by the broker, so it is never about a person:
/// a random transaction id, an index, an abbreviation, a moment.
enum HeaderNames {
    static let question = "shs-question"
    static let provider = "shs-provider"
    static let shard = "shs-shard"
    /// Milliseconds since 1970.
    static let deadline = "shs-deadline"
    static let replyAddress = "shs-reply-to"
}

/// The kinds of message, as AMQP's `type` property names them.
enum MessageKind: String {
    case manifest
    case work
    case answer
    case reply
}
