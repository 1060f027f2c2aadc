/// A message and where it goes, for publishing several at once.
package struct AMQPPublication: Sendable, Equatable {
    package var message: AMQPMessage
    package var exchange: String
    package var routingKey: String
    /// Asks for `.returned` when no queue is bound for the message.
    package var isMandatory: Bool

    package init(_ message: AMQPMessage, exchange: String, routingKey: String, isMandatory: Bool = true) {
        self.message = message
        self.exchange = exchange
        self.routingKey = routingKey
        self.isMandatory = isMandatory
    }

    /// What AMQP cannot express is refused before anything of it is written: names and identifiers are short strings
    /// of at most 255 bytes, and the header frame must fit the smallest frame size that a broker may insist on.
    var invalidity: AMQPError? {
        // What the fixed properties take at most, with room to spare.
        var size = 512
        for text in [
            self.exchange, self.routingKey, self.message.contentType, self.message.correlationID,
            self.message.messageID, self.message.type,
        ] {
            guard let text else { continue }
            if text.utf8.count > 255 { return AMQPError(.invalidMessage, operation: "basic.publish") }
            size += text.utf8.count
        }
        for entry in self.message.headers.entries {
            if entry.name.utf8.count > 128 { return AMQPError(.invalidMessage, operation: "basic.publish") }
            size += entry.name.utf8.count + 16
            if case .string(let text) = entry.value { size += text.utf8.count }
        }
        return size > 4_000 ? AMQPError(.invalidMessage, operation: "basic.publish") : nil
    }
}

extension Result<Void, AMQPError> {
    /// `nil` means that the broker has confirmed the message.
    package var error: AMQPError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
