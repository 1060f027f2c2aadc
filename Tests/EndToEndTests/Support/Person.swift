import Synchronization

/// Fictitious persons: birth numbers 980 to 989, which no living person has, and a right check digit.
struct Person: Hashable, Sendable {
    /// Twelve digits.
    let number: String

    /// Every person that a test of this process has asked about.
    static var used: [Person] { Self.all.withLock { $0 } }

    private static let all = Mutex<[Person]>([])

    /// One that no other test asks about.
    static func new() -> Person { Self.remembered { Self.number($0) } }

    /// About whom every provider has something to tell.
    static func withMuchData() -> Person { Self.remembered { _ in "198503119821" } }

    /// With another last digit than the right one.
    static func invalid() -> Person {
        Self.remembered { index in
            let number = Self.number(index)
            return number.dropLast() + (number.last == "0" ? "1" : "0")
        }
    }

    private static func remembered(_ number: (_ index: Int) -> String) -> Person {
        Self.all.withLock { all in
            let person = Person(number: number(all.count))
            all.append(person)
            return person
        }
    }

    private static func number(_ index: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let digits = "19\(50 + index % 40)\(two(1 + index / 40 % 12))\(two(1 + index % 28))98\(index % 10)"
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
