/// The period that a question asks about, both days included; never longer than 36 months.
package struct SimulatedPeriod: Hashable, Sendable {
    package let first: CalendarDay
    package let last: CalendarDay

    package init(first: CalendarDay, last: CalendarDay) {
        self.first = min(first, last)
        self.last = min(max(first, last), self.first.adding(months: 36))
    }

    /// The period of a question that names none, such as Transportstyrelsen's: the year 2024.
    package static let unspecified = SimulatedPeriod(
        first: CalendarDay(year: 2024, month: 1, day: 1), last: CalendarDay(year: 2024, month: 12, day: 31))

    /// The first day of every month that the period touches, oldest first.
    package var months: [CalendarDay] {
        var months: [CalendarDay] = []
        var month = self.first.day(1)
        while month <= self.last {
            months.append(month)
            month = month.adding(months: 1)
        }
        return months
    }

    /// Keeps a day inside the period.
    package func clamped(_ day: CalendarDay) -> CalendarDay {
        min(max(day, self.first), self.last)
    }

    package func contains(_ day: CalendarDay) -> Bool {
        self.first <= day && day <= self.last
    }
}
