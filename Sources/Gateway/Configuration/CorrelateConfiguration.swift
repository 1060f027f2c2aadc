/// The correlator's limits in time; the deadline itself travels with the manifest.
package struct CorrelateConfiguration: Sendable, Equatable {
    /// Number of correlate queues.
    ///
    /// Fixed for the life of a broker: the shard of a transaction depends on it.
    package var shards = 8
    /// How long after a manifest's deadline somebody may still wait for the reply: the ingress's own margin.
    package var abandonAfter: Duration = .seconds(4)
    /// How long after a manifest's arrival its answers may still follow when the deadline is near or past: what a crashed
    /// correlator held is redelivered manifest first, and a reply at once would leave out answers that are there.
    package var settleFor: Duration = .milliseconds(500)
    /// How long after its deadline an answer without a manifest is held, in case the manifest is redelivered later.
    package var orphanAfter: Duration = .seconds(5)
    /// How long after its deadline an ended transaction is remembered, so that late answers are recognised.
    package var rememberFor: Duration = .seconds(60)
    /// Pause before a reply that could not be published is tried again.
    package var retryAfter: Duration = .milliseconds(250)
    /// How often the correlator looks at the clock: the precision of the deadline.
    package var tick: Duration = .milliseconds(20)
    /// Replies that are assembled and signed at the same time.
    package var concurrency = 8
    /// Unacknowledged messages per shard: bounds memory; a transaction of ten persons holds 71.
    package var prefetch = 2_000

    package init() {}

    /// How long after its deadline a transaction can still be asked about: forgotten earlier, it would be replied to twice.
    var memory: Duration { max(self.rememberFor, self.abandonAfter, self.orphanAfter) }
}
