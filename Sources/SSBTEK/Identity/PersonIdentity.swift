/// The number of one person with its century: a personnummer or a samordningsnummer that has been checked.
///
/// Not a permanent key: a samordningsnummer may be replaced by a personnummer. Shows no digits when printed; whoever
/// needs them asks for ``digits``.
package struct PersonIdentity: Hashable, Sendable, Redacted {
    package enum Kind: String, Sendable, CaseIterable {
        case personnummer
        /// Sixty is added to the day.
        case samordningsnummer
    }

    /// All twelve: century, year, month, day, individual number, check digit.
    package let digits: String
    package let kind: Kind

    /// Reads twelve digits, with or without a hyphen before the last four.
    ///
    /// Ten digits do not say the century, so they are refused here (``IdentityNumberError/length``); compare
    /// ``IdentityNumber/classify(_:)``.
    package init(_ text: String) throws(IdentityNumberError) {
        let digits = try IdentityDigits(text)
        guard let century = digits.century else { throw .length }
        self.kind = try Self.kind(of: digits)
        self.digits = String(century) + digits.tenText
    }

    /// The number without its century.
    package var tenDigits: String { String(self.digits.suffix(10)) }

    /// The first two digits of the year.
    package var century: String { String(self.digits.prefix(2)) }

    /// `YYYY-MM-DD`, or nil when the number does not say: real samordningsnummer have month 00, day 60, and days that
    /// their month lacks.
    package var birthDate: String? {
        let numbers = self.digits.utf8.map { Int($0) - 0x30 }
        let year = numbers[0] * 1000 + numbers[1] * 100 + numbers[2] * 10 + numbers[3]
        let month = numbers[4] * 10 + numbers[5]
        let day = numbers[6] * 10 + numbers[7] - (self.kind == .samordningsnummer ? 60 : 0)
        guard CalendarDate.exists(year: year, month: month, day: day) else { return nil }
        return CalendarDate.text(year: year, month: month, day: day)
    }

    /// Which kind of valid number the digits are; also for ten digits, where a day is taken if any century has it.
    static func kind(of digits: IdentityDigits) throws(IdentityNumberError) -> Kind {
        if let century = digits.century, !(18...20).contains(century) { throw .century }
        let month = digits.pair(at: 2)
        let day = digits.pair(at: 4)
        let kind: Kind = day >= 60 ? .samordningsnummer : .personnummer
        switch kind {
        case .personnummer:
            guard (1...12).contains(month) else { throw .month }
            let centuries = digits.century.map { [$0] } ?? [18, 19, 20]
            let years = centuries.map { $0 * 100 + digits.pair(at: 0) }
            guard years.contains(where: { CalendarDate.exists(year: $0, month: month, day: day) }) else { throw .day }
        case .samordningsnummer:
            // Lenient on purpose: the register holds unknown months and days, and days that their month lacks.
            guard (0...12).contains(month) else { throw .month }
            guard (60...91).contains(day) else { throw .day }
        }
        guard digits.ten[6...8].contains(where: { $0 != 0 }) else { throw .birthNumber }
        guard digits.checkDigitIsRight else { throw .checkDigit }
        return kind
    }
}
