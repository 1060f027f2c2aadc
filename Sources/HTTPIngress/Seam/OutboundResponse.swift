package import SHS

/// What the gateway answers to an ``InboundRequest``.
package enum OutboundResponse: Sendable {
    /// The signed reply: a whole `message/rfc822` entity, sent with 200.
    case reply([UInt8])
    /// Nothing was accepted; `retryAfter` overrides the configured time where the fault is retriable.
    case refused(Fault, retryAfter: Duration?)
}
