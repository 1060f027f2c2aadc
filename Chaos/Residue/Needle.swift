import Foundation

/// Something that was said and is to be nowhere afterwards; in reports it is a number, never itself.
package struct Needle: Sendable {
    /// What it is: `personnummer`, `name`, `answer`.
    package let kind: String
    /// The texts that give it away, such as a number with and without its hyphen.
    package let texts: [String]

    package init(kind: String, texts: [String]) {
        self.kind = kind
        self.texts = texts
    }

    /// A personnummer or samordningsnummer of twelve digits: the ten that stand in the twelve as well, and with a hyphen.
    package static func personnummer(_ number: String) -> Needle {
        let ten = number.suffix(10)
        return Needle(kind: "personnummer", texts: [String(ten), "\(ten.prefix(6))-\(ten.suffix(4))"])
    }
}

/// How a text may be written down.
package enum NeedleForm: String, CaseIterable, Sendable {
    case utf8, latin1, utf16, base64, base64Wrapped, base64Twice, hex

    /// The bytes to look for; several where the form depends on what stands before.
    package func patterns(of text: String) -> [[UInt8]] {
        let utf8 = Array(text.utf8)
        switch self {
        case .utf8: return [utf8]
        case .latin1:
            let scalars = text.unicodeScalars
            guard scalars.contains(where: { $0.value > 127 }), scalars.allSatisfy({ $0.value < 256 }) else { return [] }
            return [scalars.map { UInt8($0.value) }]
        case .utf16:
            // Big-endian, and little-endian.
            let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            let little = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            return [big, little]
        case .base64: return Self.base64(of: utf8)
        case .base64Wrapped:
            // A line of MIME may end anywhere in it.
            return Self.base64(of: utf8).flatMap(Self.broken)
        case .base64Twice: return Self.base64(of: utf8).flatMap(Self.base64)
        case .hex:
            let digits = utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            return [Array(digits.utf8), Array(digits.uppercased().utf8)]
        }
    }

    /// With a line's end, of either kind, at each place.
    private static func broken(_ core: [UInt8]) -> [[UInt8]] {
        var all: [[UInt8]] = []
        for place in core.indices.dropFirst() {
            for end: [UInt8] in [[13, 10], [10]] { all.append(core[..<place] + end + core[place...]) }
        }
        return all
    }

    /// The part of base64 that is the same whatever stands before and after, for each of the three places in a group.
    package static func base64(of bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).map { offset in
            let encoded = Array(Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString().utf8)
            let first = (offset * 8 + 5) / 6
            let end = (offset + bytes.count) * 8 / 6
            return Array(encoded[first..<end])
        }
    }
}
