/// How current a revocation list is.
package enum RevocationStage: String, CaseIterable, Comparable, Codable, Sendable {
    /// Its own end has not come.
    case fresh
    /// It has run out, and still counts, with a warning.
    case grace
    /// It has run out: what it says is not known to be true any more.
    case stale

    /// - Parameters:
    ///   - nextUpdate: End of the list, seconds since 1970 (UTC); a list without end is stale: RFC 5280 §5.1.2.5 asks
    ///     for one, and nobody would notice that it is old.
    ///   - grace: Seconds after the end during which the list still counts.
    package static func stage(nextUpdate: Int64?, at instant: Int64, grace: Int64) -> Self {
        guard let nextUpdate else { return .stale }
        if instant < nextUpdate { return .fresh }
        return instant - nextUpdate < grace ? .grace : .stale
    }

    package static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    private var order: Int {
        switch self {
        case .fresh: 0
        case .grace: 1
        case .stale: 2
        }
    }
}
