/// One accepted transfer's identity inside the gateway: random, so that it says nothing about sender or person.
///
/// The sender's own tx.id stays inside sealed payloads; this one stands in headers, logs and spans.
package struct TransactionID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// A new one from the given source of randomness: 16 bytes as lower-case hexadecimal.
    package init(using generator: inout some RandomNumberGenerator) {
        let high: UInt64 = generator.next()
        let low: UInt64 = generator.next()
        self.text = Self.hexadecimal(high) + Self.hexadecimal(low)
    }

    package static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        return Self(using: &generator)
    }

    package var description: String { self.text }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
