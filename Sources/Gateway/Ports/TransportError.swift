/// A transport could not do what it was asked; nothing about content.
package enum TransportError: Error, Hashable, Sendable {
    /// There is no usable connection to the broker, or it takes no publishes at the moment.
    case unavailable
    /// The broker refused: a full queue, or nothing that takes the message.
    case rejected
    /// Nobody reads at the address any more.
    case unreachable
    /// No confirmation in time: the message may have arrived or not.
    case unconfirmed

    /// What the one who published does about it.
    package enum Remedy: Sendable { case retry, giveUp }

    package var remedy: Remedy {
        switch self {
        case .unavailable, .rejected, .unconfirmed: .retry
        case .unreachable: .giveUp
        }
    }
}
