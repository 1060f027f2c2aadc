/// A message as AMQP 0-9-1 sees it: bytes and the properties of class `basic` that are used here.
///
/// Names and identifiers are at most 255 bytes of UTF-8 (AMQP short strings).
package struct AMQPMessage: Sendable, Equatable {
    package var body: [UInt8]
    package var headers: AMQPHeaders
    package var contentType: String?
    package var correlationID: String?
    package var messageID: String?
    package var type: String?
    package var priority: UInt8?

    /// How long the message may wait in a queue, in milliseconds.
    ///
    /// Acts at the head of the queue only.
    package var expiration: Int64?

    /// Written to disk before it is confirmed.
    package var isPersistent: Bool

    /// Seconds since 1970-01-01 UTC.
    package var timestamp: UInt64?

    package init(
        body: [UInt8], headers: AMQPHeaders = [:], contentType: String? = nil, correlationID: String? = nil,
        messageID: String? = nil, type: String? = nil, priority: UInt8? = nil, expiration: Int64? = nil,
        isPersistent: Bool = true, timestamp: UInt64? = nil
    ) {
        self.body = body
        self.headers = headers
        self.contentType = contentType
        self.correlationID = correlationID
        self.messageID = messageID
        self.type = type
        self.priority = priority
        self.expiration = expiration
        self.isPersistent = isPersistent
        self.timestamp = timestamp
    }
}
