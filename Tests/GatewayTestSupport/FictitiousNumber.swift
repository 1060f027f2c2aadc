/// Personal identity numbers of nobody: birth numbers 980 to 989, which no living person has, and a right check digit.
package enum FictitiousNumber {
    /// Twelve digits; 480 indices from 0 give different ones.
    ///
    /// - Parameter decade: The first year of birth, two digits: tests that run beside each other take persons of their own.
    package static func digits(_ index: Int, bornFrom decade: Int = 50) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let digits = "19\(decade + index % 40)\(two(1 + index / 40 % 12))\(two(1 + index % 28))98\(index % 10)"
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
