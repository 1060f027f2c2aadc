/// What one connection object has counted since it was made.
///
/// All figures only go up.
package struct AMQPStatistics: Sendable, Equatable {
    package var connects = 0
    package var connectionLosses = 0
    package var channelErrors = 0
    package var published = 0
    package var confirmed = 0
    package var returned = 0
    package var rejected = 0
    package var confirmTimeouts = 0
    /// Outstanding publishes that a lost connection or channel left without an answer.
    package var unanswered = 0
    package var delivered = 0
    package var settled = 0
    /// Settlements of deliveries that were settled before or belong to a channel that is gone.
    package var staleSettlements = 0
}

/// What a queue holds at this moment.
package struct AMQPQueueReport: Sendable, Equatable {
    package var readyMessages: Int
    package var consumers: Int
}
