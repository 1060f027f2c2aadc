import Foundation
import Providers
import Testing

@Suite struct CalendarDayTests {
    @Test func `every day of two centuries is the day that Foundation says`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for number in stride(from: -36_525, to: 36_525, by: 7) {
            let date = Date(timeIntervalSince1970: Double(number) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            let day = CalendarDay(number: number)
            #expect(day.parts.year == parts.year && day.parts.month == parts.month && day.parts.day == parts.day)
            #expect((day.weekday + 1) % 7 + 1 == parts.weekday)
            #expect(CalendarDay(day.text) == day)
        }
    }

    @Test(arguments: [
        ("2025-01-01", "202501"), ("2024-12-30", "202501"), ("2020-12-31", "202053"), ("2021-01-03", "202053"),
        ("2025-09-15", "202538"),
    ])
    func `weeks are counted by ISO 8601`(day: String, week: String) throws {
        #expect(try #require(CalendarDay(day)).weekText == week)
    }

    @Test(arguments: ["2025-02-29", "2025-13-01", "2025-00-10", "25-01-01", "2025-1-1", "", "åååå-åå-åå", "2025/01/01"])
    func `what is no day is refused`(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func `a month later is at most the month's last day`() throws {
        let day = try #require(CalendarDay("2024-01-31"))
        #expect(day.adding(months: 1).text == "2024-02-29")
        #expect(day.adding(months: -2).text == "2023-11-30")
        #expect(day.adding(months: 12).text == "2025-01-31")
    }

    @Test func `authorities pay on banking days`() throws {
        // 2025-10-25 is a Saturday.
        #expect(try #require(CalendarDay("2025-10-25")).bankingDay.text == "2025-10-24")
        #expect(try #require(CalendarDay("2025-10-24")).bankingDay.text == "2025-10-24")
    }
}
