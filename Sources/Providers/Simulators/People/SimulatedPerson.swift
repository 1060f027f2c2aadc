/// A person as the simulated base services know them, made from nothing but the number.
///
/// The same number is the same person in every process: name, address, children and data come from a hash of the
/// digits. See ``SimulatedTestPerson`` for the numbers whose data is chosen.
package struct SimulatedPerson: Sendable {
    /// Twelve digits, century first: personal data, also when simulated, and never in a log.
    package let digits: String
    package let birth: CalendarDay
    package let isWoman: Bool
    package let givenName: String
    package let familyName: String
    package let traits: SimulatedPersonTraits
    let street: String
    let town: (postalCode: String, town: String, county: String, municipality: String)
    let citizenship: (code: String, name: String)?
    let children: [Child]
    /// Income of a year in whole kronor.
    let yearlyIncome: Int

    /// A child of a simulated person.
    struct Child: Sendable {
        let digits: String
        let birth: CalendarDay
        let name: String
    }

    /// The person with this number; nil unless it is twelve digits with a month and a day.
    package init?(digits: String) {
        let values = digits.utf8.compactMap { $0 >= 48 && $0 <= 57 ? Int($0) - 48 : nil }
        guard values.count == 12, digits.utf8.count == 12 else { return nil }
        func number(_ range: Range<Int>) -> Int { values[range].reduce(0) { $0 * 10 + $1 } }
        // Day + 60 is a samordningsnummer; month 00 and day 60 occur there (wire page 7.2) and become the first.
        let day = number(6..<8) > 60 ? number(6..<8) - 60 : number(6..<8) % 60
        let birth = CalendarDay(
            year: number(0..<4), month: max(1, min(12, number(4..<6))), day: max(1, day))
        var generator = SeededGenerator(digits, salt: "person")
        let test = SimulatedTestPerson.named(by: digits)

        self.digits = digits
        self.birth = birth
        self.isWoman = values[10] % 2 == 0
        let drawnName = generator.pick(self.isWoman ? SwedishNames.women : SwedishNames.men)
        let drawnFamily = generator.pick(SwedishNames.family)
        self.givenName = test?.givenName ?? drawnName
        self.familyName = test?.familyName ?? drawnFamily
        self.street =
            "\(generator.pick(SwedishNames.streets)) \(generator.number(1...98)) LGH 1\(generator.number(100...604))"
        self.town = generator.pick(SwedishNames.towns)
        let drawnTraits = SimulatedPersonTraits.drawn(birthYear: number(0..<4), from: &generator)
        self.traits = test?.traits ?? drawnTraits
        self.citizenship = self.traits.contains(.permits) ? generator.pick(SwedishNames.countries) : nil
        self.yearlyIncome = generator.number(80...520) * 1_000 + generator.number(0...9) * 100
        let hasChildren = !self.traits.isDisjoint(with: [.childAllowance, .parentalBenefit, .maintenanceSupport])
        self.children = hasChildren ? Self.children(of: birth, named: self.familyName, &generator) : []
    }

    func has(_ trait: SimulatedPersonTraits) -> Bool {
        self.traits.contains(trait)
    }

    var isProtected: Bool { self.traits.contains(.protected) }

    /// Day + 60: a number given to someone who is not registered as living in Sweden.
    var hasCoordinationNumber: Bool {
        self.digits.dropFirst(6).first.map { $0 >= "6" } ?? false
    }

    /// The stream of random numbers of one base service, so that no service's data depends on another's.
    func generator(_ salt: String) -> SeededGenerator {
        SeededGenerator(self.digits, salt: salt)
    }

    private static func children(
        of birth: CalendarDay, named family: String, _ generator: inout SeededGenerator
    ) -> [Child] {
        (0..<generator.number(1...3)).map { index in
            let year = max(2008, birth.parts.year + 20) + index * 2 + generator.number(0...1)
            let day = CalendarDay(year: min(year, 2024), month: generator.number(1...12), day: generator.number(1...28))
            let girl = generator.chance(0.5)
            let serial = 980 + generator.number(0...8) * 2 + (girl ? 0 : 1)
            let nine = day.compactText.dropFirst(2) + "\(serial)"
            let name = generator.pick(girl ? SwedishNames.women : SwedishNames.men)
            return Child(
                digits: day.compactText.prefix(2) + nine + "\(Self.checkDigit(nine))", birth: day,
                name: "\(name) \(family)")
        }
    }

    /// The Luhn check digit of nine digits.
    private static func checkDigit(_ nine: Substring) -> Int {
        var sum = 0
        for (index, digit) in nine.utf8.enumerated() {
            let value = (Int(digit) - 48) * (index % 2 == 0 ? 2 : 1)
            sum += value / 10 + value % 10
        }
        return (10 - sum % 10) % 10
    }
}
