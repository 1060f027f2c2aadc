/// A moment of the wall clock, in milliseconds since 1970 (UTC): what deadlines are written in, since they cross processes.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package var seconds: Int64 { self.milliseconds / 1_000 }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// Later by a duration, cut to whole milliseconds.
    package static func + (moment: Self, duration: Duration) -> Self {
        Self(milliseconds: moment.milliseconds + duration.wholeMilliseconds)
    }

    package static func - (moment: Self, duration: Duration) -> Self {
        Self(milliseconds: moment.milliseconds - duration.wholeMilliseconds)
    }

    /// The time from `earlier` until this moment; negative when this moment is the earlier one.
    package func since(_ earlier: Self) -> Duration { .milliseconds(self.milliseconds - earlier.milliseconds) }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var wholeMilliseconds: Int64 {
        self.components.seconds * 1_000 + self.components.attoseconds / 1_000_000_000_000_000
    }
}
