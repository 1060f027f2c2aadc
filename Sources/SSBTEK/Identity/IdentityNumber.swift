/// Any of the three kinds of number: decides which one a text is, and whether it is valid.
///
/// For `check-identity`.
package enum IdentityNumber {
    package enum Kind: String, Sendable, CaseIterable {
        case personnummer
        case samordningsnummer
        case organisationsnummer
    }

    /// What a text is; the description is the line that `check-identity` prints.
    package enum Verdict: Sendable, Equatable, CustomStringConvertible {
        case valid(Kind)
        case invalid(IdentityNumberError)

        package var description: String {
            switch self {
            case .valid(let kind): "\(kind.rawValue) VALID"
            case .invalid(let reason): "INVALID \(reason.rawValue)"
            }
        }
    }

    /// Twelve digits say by their first two what they are; ten by their third, which is 2 or more for organisations.
    package static func classify(_ line: String) -> Verdict {
        do throws(IdentityNumberError) {
            let digits = try IdentityDigits(line)
            if digits.century == 16 || digits.century == nil && digits.ten[2] >= 2 {
                _ = try OrganisationNumber(line)
                return .valid(.organisationsnummer)
            }
            switch try PersonIdentity.kind(of: digits) {
            case .personnummer: return .valid(.personnummer)
            case .samordningsnummer: return .valid(.samordningsnummer)
            }
        } catch {
            return .invalid(error)
        }
    }
}
