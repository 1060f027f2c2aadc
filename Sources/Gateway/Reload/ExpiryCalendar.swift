/// Something that runs out: a certificate or a revocation list, known by its fingerprint.
package struct Expiring: Hashable, Sendable {
    package let fingerprint: String
    /// Seconds since 1970 (UTC).
    package let notAfter: Int64

    package init(fingerprint: String, notAfter: Int64) {
        self.fingerprint = fingerprint
        self.notAfter = notAfter
    }

    /// Whole days until the end, rounded down; negative afterwards.
    package func daysLeft(at instant: Int64) -> Int {
        let seconds = self.notAfter - instant
        return Int(seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400))
    }
}

/// Which certificates have come near their end since it was last asked: 60, 30, 14, 7 and 1 days before, and at the end.
///
/// Each threshold is told once for each certificate. A new process says where things stand: the threshold that each is
/// within, once, and not those that it passed before.
package struct ExpiryCalendar: Sendable {
    /// A threshold that was crossed.
    package enum Threshold: Int, CaseIterable, Comparable, Sendable {
        case expired = 0, one = 1, seven = 7, fourteen = 14, thirty = 30, sixty = 60

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        /// Whether it is too late for a calm rotation.
        package var isUrgent: Bool { self <= .seven }
    }

    private var told: [String: Threshold] = [:]

    package init() {}

    /// What is to be told now, nearest end first; those that are not listed any more are forgotten.
    package mutating func crossings(of list: [Expiring], at instant: Int64) -> [(Expiring, Threshold)] {
        let sorted = Set(list).sorted { ($0.notAfter, $0.fingerprint) < ($1.notAfter, $1.fingerprint) }
        var result: [(Expiring, Threshold)] = []
        var current: [String: Threshold] = [:]
        for entry in sorted {
            guard let threshold = Self.threshold(of: entry, at: instant) else { continue }
            current[entry.fingerprint] = threshold
            // A clock that is set back makes a threshold larger again; that is no news.
            if let before = self.told[entry.fingerprint], before <= threshold {
                current[entry.fingerprint] = before
            } else {
                result.append((entry, threshold))
            }
        }
        self.told = current
        return result
    }

    /// The next moment at which one of a list comes within a threshold, or ends; nil when nothing of it is left to come.
    package static func nextCrossing(of list: [Expiring], after instant: Int64) -> Int64? {
        list.flatMap { entry in Threshold.allCases.map { entry.notAfter - Int64($0.rawValue) * 86_400 } }
            .filter { $0 > instant }.min()
    }

    /// The smallest threshold that the end is within; nil when it is further away than all.
    package static func threshold(of entry: Expiring, at instant: Int64) -> Threshold? {
        let left = entry.notAfter - instant
        return Threshold.allCases.sorted().first { left <= Int64($0.rawValue) * 86_400 }
    }
}
