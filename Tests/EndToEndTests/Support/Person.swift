import GatewayTestSupport
import Residue
import Synchronization

/// Fictitious persons: birth numbers 980 to 989, which no living person has, and a right check digit.
struct Person: Hashable, Sendable {
    /// Twelve digits.
    let number: String

    /// What gives away every person that a test of this process has asked about.
    static var needles: [Needle] { Self.all.withLock { all in all.map { .personnummer($0.number) } } }

    private static let all = Mutex<[Person]>([])

    /// One that no other test asks about.
    static func new() -> Person { Self.remembered { FictitiousNumber.digits($0) } }

    /// About whom every provider has something to tell.
    static func withMuchData() -> Person { Self.remembered { _ in "198503119821" } }

    /// With another last digit than the right one.
    static func invalid() -> Person {
        Self.remembered { index in
            let number = FictitiousNumber.digits(index)
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
}
