import Gateway
import Testing

/// Which certificates are told about as their end comes near.
@Suite struct ExpiryCalendarTests {
    private static let day: Int64 = 86_400
    private let end: Int64 = 1_000 * 86_400

    private func entry(_ name: String = "a", end: Int64? = nil) -> Expiring {
        Expiring(fingerprint: name, notAfter: end ?? self.end)
    }

    /// The thresholds that are told, day by day.
    private func told(from first: Int64, to last: Int64) -> [(day: Int64, threshold: Int)] {
        var calendar = ExpiryCalendar()
        var result: [(Int64, Int)] = []
        for left in stride(from: first, through: last, by: -1) {
            for (_, threshold) in calendar.crossings(of: [self.entry()], at: self.end - left * Self.day) {
                result.append((left, threshold.rawValue))
            }
        }
        return result
    }

    @Test func `each threshold is told once, on its day`() {
        let told = self.told(from: 100, to: -5)
        #expect(told.map(\.day) == [60, 30, 14, 7, 1, 0])
        #expect(told.map(\.threshold) == [60, 30, 14, 7, 1, 0])
    }

    @Test(arguments: [(59, 60), (31, 60), (30, 30), (10, 14), (5, 7), (1, 1), (-3, 0)])
    func `a new process tells the threshold that it finds, and not those before`(left: Int64, threshold: Int) {
        let told = self.told(from: left, to: left)
        #expect(told.map(\.threshold) == [threshold])
    }

    @Test func `a second before a threshold nothing is told, at its second it is`() {
        var calendar = ExpiryCalendar()
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 60 * Self.day - 1).count == 0)
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 60 * Self.day).map(\.1) == [.sixty])
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 60 * Self.day + 1).count == 0)
    }

    @Test func `days that nobody looked are one step`() {
        var calendar = ExpiryCalendar()
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 50 * Self.day).map(\.1) == [.sixty])
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 3 * Self.day).map(\.1) == [.seven])
    }

    @Test func `each certificate has its own thresholds, the nearest end comes first`() {
        var calendar = ExpiryCalendar()
        let soon = self.entry("soon", end: self.end - 20 * Self.day)
        let told = calendar.crossings(of: [self.entry("late"), soon, soon], at: self.end - 25 * Self.day)
        #expect(told.map(\.0.fingerprint) == ["soon", "late"])
        #expect(told.map(\.1) == [.seven, .thirty])
    }

    @Test func `a clock that is set back repeats nothing`() {
        var calendar = ExpiryCalendar()
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 6 * Self.day).map(\.1) == [.seven])
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 12 * Self.day).count == 0)
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 6 * Self.day).count == 0)
        #expect(calendar.crossings(of: [self.entry()], at: self.end - 1 * Self.day).map(\.1) == [.one])
    }

    @Test func `a certificate that is rotated away and back is told about again`() {
        var calendar = ExpiryCalendar()
        #expect(calendar.crossings(of: [self.entry()], at: self.end).count == 1)
        #expect(calendar.crossings(of: [], at: self.end).count == 0)
        #expect(calendar.crossings(of: [self.entry()], at: self.end).count == 1)
    }

    @Test func `a week is urgent, a fortnight is not`() {
        #expect(ExpiryCalendar.Threshold.allCases.filter(\.isUrgent) == [.expired, .one, .seven])
    }

    @Test(arguments: [(0, 0), (86_399, 0), (86_400, 1), (-1, -1), (-86_400, -1), (-86_401, -2)])
    func `days left are whole days, rounded down`(seconds: Int64, days: Int) {
        #expect(self.entry().daysLeft(at: self.end - seconds) == days)
    }
}
