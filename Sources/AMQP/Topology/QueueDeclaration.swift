/// A queue with its arguments, typed so that a misspelt `x-…` argument cannot be written.
///
/// The defaults make the queue that work waits in: quorum, durable. RabbitMQ 3.10 has no delivery limit of its own:
/// set one, and a dead-letter exchange, or a poison message comes back for ever.
package struct QueueDeclaration: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// Replicated, on disk before it is confirmed.
        case quorum
        /// On one node; durable and persistent it is on disk there before it is confirmed. For what belongs to one process.
        case classic
        /// An append-only log.
        case stream
    }

    package enum Overflow: String, Sendable {
        /// The oldest message goes. Unsafe with at-least-once dead-lettering.
        case dropHead = "drop-head"
        /// The publisher gets a basic.nack, here `.rejected`.
        case rejectPublish = "reject-publish"
    }

    package struct DeadLetter: Sendable, Equatable {
        package enum Strategy: String, Sendable {
            case atMostOnce = "at-most-once"
            /// The dead letter is confirmed before the original is removed. Quorum only, with `overflow` reject-publish.
            case atLeastOnce = "at-least-once"
        }

        package var exchange: String
        /// `nil` keeps the message's own routing key.
        package var routingKey: String?
        package var strategy: Strategy

        package init(exchange: String, routingKey: String? = nil, strategy: Strategy = .atLeastOnce) {
            self.exchange = exchange
            self.routingKey = routingKey
            self.strategy = strategy
        }
    }

    package var name: String
    package var kind: Kind
    package var isDurable: Bool
    /// Belongs to this connection and goes with it.
    ///
    /// Classic only.
    package var isExclusive: Bool
    package var deletesWhenUnused: Bool

    package var hasSingleActiveConsumer = false
    /// Returns after which a message is dead-lettered; it is then delivered once more than this in all.
    ///
    /// Quorum only.
    package var deliveryLimit: Int?
    package var deadLetter: DeadLetter?
    package var overflow: Overflow?
    /// The longest a message may wait.
    package var messageTimeToLive: Duration?
    /// The queue is deleted after this time without consumers and declarations.
    package var expires: Duration?
    package var maximumLength: Int?
    package var maximumBytes: Int?
    /// Messages that a quorum queue holds in memory at most; 0 keeps all bodies on disk.
    package var maximumInMemoryLength: Int?

    package init(
        name: String, kind: Kind = .quorum, isDurable: Bool = true, isExclusive: Bool = false,
        deletesWhenUnused: Bool = false, hasSingleActiveConsumer: Bool = false, deliveryLimit: Int? = nil,
        deadLetter: DeadLetter? = nil, overflow: Overflow? = nil, messageTimeToLive: Duration? = nil,
        expires: Duration? = nil, maximumLength: Int? = nil, maximumBytes: Int? = nil,
        maximumInMemoryLength: Int? = nil
    ) {
        self.name = name
        self.kind = kind
        self.isDurable = isDurable
        self.isExclusive = isExclusive
        self.deletesWhenUnused = deletesWhenUnused
        self.hasSingleActiveConsumer = hasSingleActiveConsumer
        self.deliveryLimit = deliveryLimit
        self.deadLetter = deadLetter
        self.overflow = overflow
        self.messageTimeToLive = messageTimeToLive
        self.expires = expires
        self.maximumLength = maximumLength
        self.maximumBytes = maximumBytes
        self.maximumInMemoryLength = maximumInMemoryLength
    }

    /// The `x-…` arguments as the broker knows them.
    var arguments: AMQPHeaders {
        var arguments: AMQPHeaders = ["x-queue-type": .string(self.kind.rawValue)]
        if self.hasSingleActiveConsumer { arguments["x-single-active-consumer"] = true }
        if let deliveryLimit { arguments["x-delivery-limit"] = .integer(Int64(deliveryLimit)) }
        if let deadLetter {
            arguments["x-dead-letter-exchange"] = .string(deadLetter.exchange)
            if let routingKey = deadLetter.routingKey { arguments["x-dead-letter-routing-key"] = .string(routingKey) }
            if deadLetter.strategy == .atLeastOnce {
                arguments["x-dead-letter-strategy"] = .string(deadLetter.strategy.rawValue)
            }
        }
        if let overflow { arguments["x-overflow"] = .string(overflow.rawValue) }
        if let messageTimeToLive { arguments["x-message-ttl"] = .integer(messageTimeToLive.wholeMilliseconds) }
        if let expires { arguments["x-expires"] = .integer(expires.wholeMilliseconds) }
        if let maximumLength { arguments["x-max-length"] = .integer(Int64(maximumLength)) }
        if let maximumBytes { arguments["x-max-length-bytes"] = .integer(Int64(maximumBytes)) }
        if let maximumInMemoryLength { arguments["x-max-in-memory-length"] = .integer(Int64(maximumInMemoryLength)) }
        return arguments
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that a short wait never becomes none.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
