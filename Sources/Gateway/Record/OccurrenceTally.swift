/// Decides when the record says what happens again and again: the first time at once, then how often within each interval.
///
/// So a flood leaves a bounded number of entries, and none of it goes unsaid. Pure: time is a parameter.
package struct OccurrenceTally: Sendable {
    private struct Count {
        /// When it was last said.
        var since: Timestamp
        /// How often it has happened since.
        var unsaid = 0
    }

    private var counts: [RecordOccurrence: Count] = [:]
    private let interval: Duration
    private let maximumAskers: Int

    /// - Parameters:
    ///   - interval: Between two entries that say the same.
    ///   - maximumAskers: Of so many different ones it is said whose they are; the others are counted together.
    package init(interval: Duration, maximumAskers: Int) {
        self.interval = interval
        self.maximumAskers = maximumAskers
    }

    /// What is to be said at once; nil when it is only counted.
    package mutating func happened(_ occurrence: RecordOccurrence, at now: Timestamp) -> RecordOccurrence? {
        let isNew = self.counts[occurrence] == nil
        let counted = isNew && self.counts.count >= self.maximumAskers ? occurrence.ofAnybody : occurrence
        guard self.counts[counted] != nil else {
            self.counts[counted] = Count(since: now)
            return counted
        }
        self.counts[counted]?.unsaid += 1
        return nil
    }

    /// What is to be said now, and how often it has happened; what has not happened for an interval is forgotten.
    ///
    /// - Parameter isLast: Everything that is unsaid, whenever it would be due.
    package mutating func due(
        at now: Timestamp, isLast: Bool = false
    ) -> [(occurrence: RecordOccurrence, count: Int)] {
        var due: [(RecordOccurrence, Int)] = []
        for (occurrence, count) in self.counts {
            // A clock that was set back must not silence anything.
            let passed = now.since(count.since)
            guard isLast || passed >= self.interval || passed < .zero else { continue }
            if count.unsaid > 0 {
                due.append((occurrence, count.unsaid))
                self.counts[occurrence] = Count(since: now)
            } else {
                self.counts[occurrence] = nil
            }
        }
        return due
    }
}
