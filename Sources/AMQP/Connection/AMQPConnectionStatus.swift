/// A look at a connection at one moment.
package struct AMQPConnectionStatus: Sendable, Equatable {
    /// Also true while the broker is blocked: settling and consuming may still work.
    package var isConnected: Bool
    /// The broker is out of memory or disk and takes no messages.
    package var isBlocked: Bool
    /// Shut down for good.
    package var isStopped: Bool
    /// Why there is no connection, or why the last attempt failed.
    package var lastError: AMQPError?
    package var statistics: AMQPStatistics
}
