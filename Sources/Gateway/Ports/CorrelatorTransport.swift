/// One delivery that the correlator holds unacknowledged, named so that it can be settled later.
package struct DeliveryID: Hashable, Sendable {
    package let shard: Int
    /// Unique within the process, also across reconnections.
    package let number: UInt64

    package init(shard: Int, number: UInt64) {
        self.shard = shard
        self.number = number
    }
}

/// What a correlate shard can tell.
package enum CorrelateEvent: Sendable {
    case manifest(Manifest, DeliveryID)
    case answer(ProviderAnswer, DeliveryID)
    /// Not readable with any key or in any known form.
    case poison(DeliveryID)
    /// The shard's deliveries are no longer ours: the broker gives them to the next consumer, maybe again to us.
    case shardLost(Int)
}

/// Stages correlate and reply, as the correlator sees them.
package protocol CorrelatorTransport: Sendable {
    /// Hands over each event of all shards in order; returns at graceful shutdown.
    func receive(_ handler: @escaping @Sendable (CorrelateEvent) -> Void) async throws

    /// Settles; a delivery of a shard that was lost meanwhile is passed over, since it is not ours any more.
    func acknowledge(_ deliveries: [DeliveryID])

    /// Returns when the reply has been confirmed; throws ``TransportError/unreachable`` when that ingress is gone.
    func publish(_ reply: Reply, to address: ReplyAddress) async throws(TransportError)
}
