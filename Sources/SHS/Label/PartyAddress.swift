/// Who sends or receives: `urn:X-shs:<organisation number>[.<internal id>]`.
///
/// The organisation number has ten digits. Its check digit is not tested here: test systems use numbers like
/// 1111111111.
package struct PartyAddress: Hashable, Sendable {
    /// Ten digits.
    package let organisation: String
    /// What stands after the first dot, a box or department within the organisation.
    package let internalID: String?

    /// Nil when the form is wrong.
    ///
    /// The prefix is matched in any case, blanks around are dropped.
    package init?(_ text: String) {
        let fields = SHSURN.value(text).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let organisation = fields.first, organisation.utf8.count == 10,
            organisation.utf8.allSatisfy(ASCII.isDigit)
        else { return nil }
        self.organisation = String(organisation)
        guard fields.count == 2 else {
            self.internalID = nil
            return
        }
        guard (1...64).contains(fields[1].utf8.count), fields[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        self.internalID = String(fields[1])
    }

    /// As it stands in a label, with the prefix.
    package var urn: String {
        SHSURN.prefix + self.organisation + (self.internalID.map { "." + $0 } ?? "")
    }
}
