/// The number of an organisation: ten digits, the third of them 2 or more.
///
/// Shows no digits when printed, since some are those of a person's business.
package struct OrganisationNumber: Hashable, Sendable, Redacted {
    package let tenDigits: String
    /// As it stood, or with the usual 16 before the ten digits.
    package let twelveDigits: String

    /// Reads ten digits, or twelve that begin with 16, with or without a hyphen before the last four.
    ///
    /// `checksDigit` is off where test numbers are in use, since those fail it.
    package init(_ text: String, checksDigit: Bool = true) throws(IdentityNumberError) {
        let digits = try IdentityDigits(text)
        guard digits.century ?? 16 == 16 else { throw .century }
        try self.init(digits, checksDigit: checksDigit)
    }

    /// Takes what the contract's pattern lets through, which is any two digits before the ten.
    package init(asInContract text: String, checksDigit: Bool) throws(IdentityNumberError) {
        let digits = try IdentityDigits(text)
        guard digits.century != nil, digits.separator == nil else { throw .length }
        try self.init(digits, checksDigit: checksDigit)
    }

    private init(_ digits: IdentityDigits, checksDigit: Bool) throws(IdentityNumberError) {
        guard digits.separator != .plus else { throw .separator }
        guard digits.ten[2] >= 2 else { throw .thirdDigit }
        guard !checksDigit || digits.checkDigitIsRight else { throw .checkDigit }
        let century = digits.century ?? 16
        self.tenDigits = digits.tenText
        self.twelveDigits = (century < 10 ? "0" : "") + String(century) + digits.tenText
    }
}
