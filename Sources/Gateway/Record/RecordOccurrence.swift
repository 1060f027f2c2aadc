/// Something that others can cause as often as they like, so that the record counts it; nothing of what they sent.
package enum RecordOccurrence: Hashable, Sendable {
    /// A request that ended before anything of it was read, or that was one too many; the reason is from a closed list.
    ///
    /// The asker is a client whose certificate is accepted; empty for anybody else, who may claim to be anyone.
    case turnedAway(reason: String, Asker)
    case deviation(Deviation.Kind, reason: String?)

    /// The entry that says that it was so often.
    package func event(count: Int) -> RecordEvent {
        switch self {
        case .turnedAway(let reason, let asker): .turnedAway(reason: reason, asker, count: count)
        case .deviation(let kind, let reason): .deviation(Deviation(kind, reason: reason, count: count))
        }
    }

    /// The same without saying whose: of these there are only as many as there are reasons.
    var ofAnybody: Self {
        switch self {
        case .turnedAway(let reason, _): .turnedAway(reason: reason, Asker())
        case .deviation: self
        }
    }
}
