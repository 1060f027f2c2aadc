/// Days of the Gregorian calendar, as far as identity numbers and periods need them.
enum CalendarDate {
    static func exists(year: Int, month: Int, day: Int) -> Bool {
        guard (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        switch month {
        case 2: return day <= (isLeap ? 29 : 28)
        case 4, 6, 9, 11: return day <= 30
        default: return day <= 31
        }
    }

    /// `YYYY-MM-DD`.
    static func text(year: Int, month: Int, day: Int) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// `YYYY-MM-DD` from the lexical form of `xs:date`, whose time zone is dropped; nil for years outside 0001 to 9999.
    static func day(ofLexical text: some StringProtocol) -> String? {
        let bytes = Array(text.utf8.drop(while: Self.isSpace).prefix(32))
        guard bytes.count >= 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(into: Int?.some(0)) { value, byte in
                value = (0x30...0x39).contains(byte) ? value.map { $0 * 10 + Int(byte) - 0x30 } : nil
            }
        }
        guard let year = number(0..<4), year > 0, let month = number(5..<7), let day = number(8..<10),
            Self.exists(year: year, month: month, day: day), Self.isTimeZone(bytes[10...])
        else { return nil }
        return String(decoding: bytes[..<10], as: UTF8.self)
    }

    /// Nothing, `Z`, or `+hh:mm` and `-hh:mm`; white space may follow.
    private static func isTimeZone(_ bytes: ArraySlice<UInt8>) -> Bool {
        var zone = bytes
        while let last = zone.last, Self.isSpace(last) { zone.removeLast() }
        if zone.isEmpty || zone.elementsEqual("Z".utf8) { return true }
        guard zone.count == 6, let sign = zone.first, sign == 0x2B || sign == 0x2D else { return false }
        let start = zone.startIndex
        return zone[start + 3] == 0x3A
            && [1, 2, 4, 5].allSatisfy { (0x30...0x39).contains(zone[start + $0]) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
