/// Fictitious persons: birth numbers 980 to 989, which no living person has, and a right check digit.
enum ResiduePerson {
    /// Twelve digits; the first 400 are different persons, and others than those of the tests, which may run beside.
    static func number(_ index: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let digits = "19\(10 + index % 40)\(two(1 + index / 40 % 12))\(two(1 + index % 28))98\(index % 10)"
        return digits + Self.checkDigit(of: digits.dropFirst(2))
    }

    private static func checkDigit(of nine: some StringProtocol) -> String {
        var sum = 0
        for (index, character) in nine.enumerated() {
            let value = (character.wholeNumberValue ?? 0) * (index % 2 == 0 ? 2 : 1)
            sum += value > 9 ? value - 9 : value
        }
        return "\((10 - sum % 10) % 10)"
    }
}
