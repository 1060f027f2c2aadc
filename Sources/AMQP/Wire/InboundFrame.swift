/// What the broker sent, decoded and copied: nothing in it points into librabbitmq's memory.
enum InboundFrame {
    case deliver(DeliverMethod)
    case returned(replyCode: Int)
    case header(AMQPMessage, bodySize: UInt64, publishNumber: UInt64?)
    case body([UInt8])
    case acknowledged(tag: UInt64, multiple: Bool)
    case rejected(tag: UInt64, multiple: Bool)
    case consumerCancelled
    case channelClosed(replyCode: Int, text: String)
    case connectionClosed(replyCode: Int, text: String)
    case blocked
    case unblocked
    /// A method that asks nothing of us, such as channel.flow.
    case other(method: UInt32)
}

/// The method frame in front of a delivered message (basic.deliver).
struct DeliverMethod: Equatable {
    var tag: UInt64
    var isRedelivered: Bool
    var exchange: String
    var routingKey: String
}
