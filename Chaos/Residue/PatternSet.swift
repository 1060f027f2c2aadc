/// Finds any of many byte patterns in one pass over the bytes.
///
/// Each place's next six bytes are looked up in a table of bits; only where that says "perhaps" are the patterns that begin with them
/// compared.
package struct PatternSet: Sendable {
    /// Shorter patterns would be found by chance in random bytes.
    package static let shortest = 6
    private static let tableBits = 22

    package struct Match: Hashable, Sendable {
        package let needle: Int
        package let form: NeedleForm
    }

    private struct Entry {
        let bytes: [UInt8]
        let match: Match
    }

    private var table = [UInt64](repeating: 0, count: 1 << (Self.tableBits - 6))
    private var entries: [UInt64: [Entry]] = [:]
    /// Of the longest pattern: chunks overlap by so much.
    package private(set) var longest = 0
    package private(set) var count = 0

    package init(_ needles: [Needle], forms: [NeedleForm] = NeedleForm.allCases) {
        for (index, needle) in needles.enumerated() {
            for text in needle.texts {
                for form in forms {
                    for pattern in form.patterns(of: text) where pattern.count >= Self.shortest {
                        self.add(pattern, Match(needle: index, form: form))
                    }
                }
            }
        }
    }

    private mutating func add(_ pattern: [UInt8], _ match: Match) {
        let key = pattern.prefix(Self.shortest).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let bit = Self.bit(key)
        self.table[bit >> 6] |= 1 << UInt64(bit & 63)
        self.entries[key, default: []].append(Entry(bytes: pattern, match: match))
        self.longest = max(self.longest, pattern.count)
        self.count += 1
    }

    /// Every pattern that stands in the bytes, with the place where it begins.
    package func matches(in bytes: [UInt8]) -> [(place: Int, match: Match)] {
        guard bytes.count >= Self.shortest else { return [] }
        var found: [(place: Int, match: Match)] = []
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe self.table.withUnsafeBufferPointer { table in
                let mask: UInt64 = (1 << (8 * UInt64(Self.shortest))) - 1
                var key: UInt64 = 0
                for place in 0..<(Self.shortest - 1) { key = unsafe key << 8 | UInt64(bytes[place]) }
                for end in (Self.shortest - 1)..<bytes.count {
                    key = unsafe (key << 8 | UInt64(bytes[end])) & mask
                    let bit = Self.bit(key)
                    guard unsafe table[bit >> 6] >> UInt64(bit & 63) & 1 == 1, let entries = self.entries[key] else {
                        continue
                    }
                    let place = end - Self.shortest + 1
                    for entry in entries where place + entry.bytes.count <= bytes.count {
                        if unsafe bytes[place..<place + entry.bytes.count].elementsEqual(entry.bytes) {
                            found.append((place, entry.match))
                        }
                    }
                }
            }
        }
        return found
    }

    @inline(__always) private static func bit(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - Self.tableBits))
    }
}
