/// Why a text is not a valid identity number; the raw value is the reason that `check-identity` prints.
///
/// Never carries the text itself.
package enum IdentityNumberError: String, Error, Sendable, CaseIterable {
    /// Nothing but white space.
    case empty = "empty"
    /// Something else than digits and one separator.
    case characters = "characters"
    /// An interim number: a letter in place of the first of the last four digits.
    case interimNumber = "interim-number"
    /// A separator where none belongs, or the wrong one.
    case separator = "separator"
    /// Neither ten nor twelve digits; or ten where the century is needed.
    case length = "length"
    /// The first two of twelve digits are none of 16, 18, 19 and 20, or do not fit what is asked for.
    case century = "century"
    /// A month that the kind of number does not have.
    case month = "month"
    /// A day that the kind of number does not have.
    case day = "day"
    /// The individual number 000.
    case birthNumber = "birth-number"
    /// An organisation number whose third digit is below 2.
    case thirdDigit = "third-digit"
    case checkDigit = "check-digit"
}
