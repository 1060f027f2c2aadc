import Foundation

/// A moment as state files and tables write it: RFC 3339, UTC, whole seconds.
enum TimeText {
    /// - Parameter seconds: since 1970.
    static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
