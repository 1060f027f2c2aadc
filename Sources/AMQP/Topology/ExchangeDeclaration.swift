/// An exchange: where messages are published to (AMQP 0-9-1 §1.6, exchange.declare).
package struct ExchangeDeclaration: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case direct
        case fanout
        case topic
        case headers
    }

    package var name: String
    package var kind: Kind
    package var isDurable: Bool
    package var deletesWhenUnused: Bool

    package init(name: String, kind: Kind, isDurable: Bool = true, deletesWhenUnused: Bool = false) {
        self.name = name
        self.kind = kind
        self.isDurable = isDurable
        self.deletesWhenUnused = deletesWhenUnused
    }
}

/// A binding: messages to this exchange with this routing key go to this queue (queue.bind).
package struct BindingDeclaration: Sendable, Equatable {
    package var exchange: String
    package var queue: String
    package var routingKey: String

    package init(exchange: String, queue: String, routingKey: String) {
        self.exchange = exchange
        self.queue = queue
        self.routingKey = routingKey
    }
}
