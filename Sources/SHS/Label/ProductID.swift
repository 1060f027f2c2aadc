/// What a message is about: the UUID of a product type, or one of the three that the standard reserves.
package struct ProductID: Hashable, Sendable {
    /// In lower case, without the prefix `urn:X-shs:`.
    package let value: String

    package static let confirm = ProductID(reserved: "confirm")
    package static let error = ProductID(reserved: "error")
    package static let agreement = ProductID(reserved: "agreement")

    /// Nil when it is neither a UUID nor reserved.
    ///
    /// The prefix is matched in any case, blanks around are dropped.
    package init?(_ text: String) {
        let value = SHSURN.value(text).lowercased()
        guard [Self.confirm, .error, .agreement].contains(where: { $0.value == value }) || Self.isUUID(value) else {
            return nil
        }
        self.value = value
    }

    private init(reserved: String) {
        self.value = reserved
    }

    /// As it stands in a label, with the prefix.
    package var urn: String {
        SHSURN.prefix + self.value
    }

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: ASCII.hyphen, omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.joined().allSatisfy { ASCII.hexadecimalValue($0) != nil }
    }
}
