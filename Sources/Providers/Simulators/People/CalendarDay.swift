/// A day of the Gregorian calendar as a number of days since 1970-01-01, without time zone and without a clock.
package struct CalendarDay: Hashable, Comparable, Sendable {
    package let number: Int

    package init(number: Int) {
        self.number = number
    }

    /// The day of a year, month and day of the month; a day beyond the month's end becomes its last day.
    package init(year: Int, month: Int, day: Int) {
        let day = max(1, min(day, Self.daysIn(month: month, of: year)))
        // Days from civil, Howard Hinnant's algorithm: years begin in March, so that the leap day comes last.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.number = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `YYYY-MM-DD`, also when a time zone follows as `xsd:date` allows.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count >= 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
            let year = Self.value(digits[0..<4]), let month = Self.value(digits[5..<7]),
            let day = Self.value(digits[8..<10]), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month: month, of: year)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.number < right.number
    }

    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = self.number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        return (
            yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month + (month < 10 ? 3 : -9),
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    /// `YYYY-MM-DD`.
    package var text: String {
        let (year, month, day) = self.parts
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    /// `YYYYMMDD`, the form that CSN uses.
    package var compactText: String {
        let (year, month, day) = self.parts
        return "\(Self.padded(year, 4))\(Self.padded(month, 2))\(Self.padded(day, 2))"
    }

    /// `YYYYWW` by ISO 8601, the form in which CSN counts study time.
    package var weekText: String {
        let thursday = CalendarDay(number: self.number - self.weekday + 3)
        let year = thursday.parts.year
        let week = (thursday.number - CalendarDay(year: year, month: 1, day: 1).number) / 7 + 1
        return "\(Self.padded(year, 4))\(Self.padded(week, 2))"
    }

    /// 0 for Monday to 6 for Sunday.
    package var weekday: Int {
        let index = (self.number + 3) % 7
        return index < 0 ? index + 7 : index
    }

    package func adding(days: Int) -> CalendarDay {
        CalendarDay(number: self.number + days)
    }

    package func adding(months: Int) -> CalendarDay {
        let (year, month, day) = self.parts
        let index = year * 12 + month - 1 + months
        return CalendarDay(year: index / 12, month: index % 12 + 1, day: day)
    }

    /// The same day, or the Friday before when it falls on a weekend: authorities pay on banking days.
    package var bankingDay: CalendarDay {
        self.adding(days: -max(0, self.weekday - 4))
    }

    package func day(_ day: Int) -> CalendarDay {
        let (year, month, _) = self.parts
        return CalendarDay(year: year, month: month, day: day)
    }

    private static func daysIn(month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func value(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
