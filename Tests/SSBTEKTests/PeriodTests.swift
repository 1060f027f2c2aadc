import SSBTEK
import Testing

@Suite struct PeriodTests {
    @Test(arguments: ["2025-01-01", " 2025-01-01\n", "2025-01-01Z", "2025-01-01+01:00", "2025-01-01-05:00 "])
    func `a day is taken without its time zone`(from: String) {
        #expect(Period(from: from, to: "2025-01-02")?.from == "2025-01-01")
    }

    @Test(arguments: [
        "", "2025-02-29", "2025-13-01", "2025-00-10", "2025-01-32", "0000-01-01", "-2025-01-01", "12025-01-01",
        "2025-1-1",
        "2025-01-01T00:00:00", "2025-01-01+1:00", "２０２５-01-01",
    ])
    func `what is no day of our calendar is refused`(from: String) {
        #expect(Period(from: from, to: "9999-12-31") == nil)
    }

    @Test func `one day is a period and a day back is none`() {
        #expect(Period(from: "2024-02-29", to: "2024-02-29") != nil)
        #expect(Period(from: "2024-03-01", to: "2024-02-29") == nil)
    }
}
