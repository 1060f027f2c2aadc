/// Why one base service has no data in the answer (`error`): who gave up, a code, and sentences for people.
///
/// The sentences of a base service may quote a person, so they are for the asker alone: printed, an error shows its
/// source and ``loggableCode`` only.
package struct ProviderError: Sendable, Equatable, Codable, Error {
    package enum Source: String, Codable, Sendable {
        /// The gateway gave up.
        case ssbt = "SSBT"
        /// The base service said no.
        case bt = "BT"
    }

    package let source: Source
    /// The `felkod`.
    package let code: String
    /// The `felmeddelande` elements, at least one.
    package let messages: [String]

    package init(source: Source, code: String, messages: [String]) {
        self.source = source
        self.code = code
        self.messages = messages.isEmpty ? ["Bastjänsten lämnade ingen förklaring."] : messages
    }

    package static func gateway(_ code: GatewayErrorCode) -> ProviderError {
        ProviderError(source: .ssbt, code: code.rawValue, messages: [code.sentence])
    }

    /// The code when it looks like one, else `other`: at most 40 ASCII characters, no space, few digits in a row.
    ///
    /// Codes are the base service's own text; this is what logs and metrics may hold of them.
    package var loggableCode: String {
        var digits = 0
        for byte in self.code.utf8 {
            guard (0x21...0x7E).contains(byte) else { return "other" }
            let isNumber = (0x30...0x39).contains(byte)
            digits = isNumber ? digits + 1 : byte == 0x2D ? digits : 0
            guard digits < 8 else { return "other" }
        }
        return (1...40).contains(self.code.utf8.count) ? self.code : "other"
    }
}

extension ProviderError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(self.source.rawValue) \(self.loggableCode)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
