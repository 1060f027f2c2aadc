/// A message that the broker handed to one of our consumers and that waits to be settled.
package struct AMQPDelivery: Sendable, Equatable {
    package var message: AMQPMessage
    package var queue: String
    package var exchange: String
    package var routingKey: String

    /// True when the broker had handed it out before, to us or to another consumer.
    package var isRedelivered: Bool

    /// How often it came back before (`x-delivery-count`, quorum queues only; 0 at the first delivery).
    package var deliveryCount: Int

    /// What settles it; worthless once the channel it came on is gone.
    package var tag: AMQPDeliveryTag

    package init(
        message: AMQPMessage, queue: String, exchange: String = "", routingKey: String = "",
        isRedelivered: Bool = false, deliveryCount: Int = 0, tag: AMQPDeliveryTag
    ) {
        self.message = message
        self.queue = queue
        self.exchange = exchange
        self.routingKey = routingKey
        self.isRedelivered = isRedelivered
        self.deliveryCount = deliveryCount
        self.tag = tag
    }
}

/// A delivery tag with the life of the channel it belongs to.
///
/// The broker counts deliveries per channel from 1, so the bare number of an old channel names another message on the
/// new one. The epoch is never used twice within a connection object.
package struct AMQPDeliveryTag: Sendable, Hashable {
    package let consumer: Int
    package let epoch: Int
    package let number: UInt64

    package init(consumer: Int, epoch: Int, number: UInt64) {
        self.consumer = consumer
        self.epoch = epoch
        self.number = number
    }
}

/// What the broker is to do with a delivery.
package enum AMQPDisposition: Sendable, Hashable {
    /// Done: remove it.
    case acknowledge
    /// Put it back; counts towards the delivery limit.
    case requeue
    /// Refuse it for good: it goes to the queue's dead-letter exchange, or away when there is none.
    case deadLetter
}
