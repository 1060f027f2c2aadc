import SSBTEK
import Testing

@Suite struct IdentityNumberTests {
    @Test(arguments: [
        ("9908072391", "personnummer VALID"), ("6408233234", "personnummer VALID"),
        ("1212121212", "personnummer VALID"),
        ("7010632391", "samordningsnummer VALID"), ("6801642395", "samordningsnummer VALID"),
        ("2120002411", "organisationsnummer VALID"), ("2021005521", "organisationsnummer VALID"),
        ("5565317129", "organisationsnummer VALID"), ("5560360793", "organisationsnummer VALID"),
        ("1111111111", "INVALID check-digit"), ("9001011234", "INVALID check-digit"),
    ])
    func `the numbers of the wire page are what it says`(line: String, verdict: String) {
        #expect(IdentityNumber.classify(line).description == verdict)
    }

    @Test(arguments: [
        ("199908072391", "personnummer VALID"), ("990807-2391", "personnummer VALID"),
        ("990807+2391", "personnummer VALID"),
        ("19990807-2391", "personnummer VALID"), ("  199908072391\r", "personnummer VALID"),
        ("197010632391", "samordningsnummer VALID"), ("162120002411", "organisationsnummer VALID"),
        ("212000-2411", "organisationsnummer VALID"), ("16212000-2411", "organisationsnummer VALID"),
    ])
    func `a number may be written with century and separator`(line: String, verdict: String) {
        #expect(IdentityNumber.classify(line).description == verdict)
    }

    @Test(arguments: [
        ("", IdentityNumberError.empty), (" \t", .empty), ("abc", .characters), ("99080723٩1", .characters),
        ("9908072391x", .characters), ("99 08072391", .characters), ("990807T391", .interimNumber),
        ("19990807-T391", .interimNumber), ("9908-072391", .separator), ("990807--2391", .separator),
        ("212000+2411", .separator), ("99080723910", .length), ("990807239", .length), ("1999080723911", .length),
        ("179908072391", .century), ("002120002411", .century), ("161111111111", .thirdDigit), ("199913072391", .month),
        ("199900072391", .month), ("199908322391", .day), ("199902302391", .day), ("199908002391", .day),
        ("199908922391", .day), ("199908070003", .birthNumber), ("199908072392", .checkDigit),
        ("202120002411", .month),
    ])
    func `what is wrong has a reason`(line: String, reason: IdentityNumberError) {
        #expect(IdentityNumber.classify(line) == .invalid(reason))
    }

    @Test func `a leap day is taken where a century has it`() {
        #expect(IdentityNumber.classify(Self.withCheckDigit("000229123")) == .valid(.personnummer))
        #expect(IdentityNumber.classify("20" + Self.withCheckDigit("000229123")) == .valid(.personnummer))
        #expect(IdentityNumber.classify("19" + Self.withCheckDigit("000229123")) == .invalid(.day))
        #expect(IdentityNumber.classify(Self.withCheckDigit("010229123")) == .invalid(.day))
    }

    @Test(arguments: ["700060123", "700091123", "701060123", "700291123", "701291123"])
    func `a samordningsnummer may lack month and day`(nine: String) throws {
        let number = "19" + Self.withCheckDigit(nine)
        #expect(IdentityNumber.classify(number) == .valid(.samordningsnummer))
        #expect(try PersonIdentity(number).kind == .samordningsnummer)
        // Only a real day is a birth date.
        #expect(try PersonIdentity(number).birthDate == (nine == "701291123" ? "1970-12-31" : nil))
    }

    @Test func `a month 00 belongs to samordningsnummer only`() {
        #expect(IdentityNumber.classify("19" + Self.withCheckDigit("700031123")) == .invalid(.month))
    }

    @Test func `every single wrong digit is found`() {
        let digits = Array("9908072391".utf8)
        for index in digits.indices {
            for other in UInt8(0x30)...0x39 where other != digits[index] {
                var changed = digits
                changed[index] = other
                guard case .invalid = IdentityNumber.classify(changed.text) else {
                    Issue.record("digit \(index) may be changed")
                    return
                }
            }
        }
    }

    @Test func `a person needs the century`() throws {
        #expect(throws: IdentityNumberError.length) { try PersonIdentity("9908072391") }
        let person = try PersonIdentity("19990807-2391")
        #expect(person.digits == "199908072391")
        #expect(person.tenDigits == "9908072391")
        #expect(person.century == "19")
        #expect(person.birthDate == "1999-08-07")
        #expect(throws: IdentityNumberError.century) { try PersonIdentity("162120002411") }
    }

    @Test func `an organisation number has a ten and a twelve digit form`() throws {
        for text in ["2120002411", "212000-2411", "162120002411"] {
            let number = try OrganisationNumber(text)
            #expect(number.tenDigits == "2120002411")
            #expect(number.twelveDigits == "162120002411")
        }
        #expect(throws: IdentityNumberError.thirdDigit) { try OrganisationNumber("9908072391") }
        #expect(throws: IdentityNumberError.checkDigit) { try OrganisationNumber("2120002412") }
        #expect(try OrganisationNumber("2120002412", checksDigit: false).tenDigits == "2120002412")
    }

    @Test func `printing a number shows no digits`() throws {
        let person = try PersonIdentity("199908072391")
        let organisation = try OrganisationNumber("2120002411")
        var dumped = ""
        dump(person, to: &dumped)
        dump(organisation, to: &dumped)
        dump([person: organisation], to: &dumped)
        let printed =
            "\(person) \(organisation) \([person]) \(Optional(person) as Any) \(String(reflecting: person))" + dumped
        #expect(!printed.contains("99") && !printed.contains("2120") && !printed.contains("2391"))
        for reason in IdentityNumberError.allCases { #expect(!"\(reason)".contains { $0.isNumber }) }
    }

    /// Nine digits and the tenth that fits.
    static func withCheckDigit(_ nine: String) -> String {
        let sum = nine.utf8.enumerated().reduce(0) { sum, digit in
            let product = (Int(digit.element) - 0x30) * (digit.offset.isMultiple(of: 2) ? 2 : 1)
            return sum + product / 10 + product % 10
        }
        return nine + String((10 - sum % 10) % 10)
    }
}
