/// How far a segment that is not sealed has come: what shows that its end was cut off.
///
/// Stands in one block beside the segment, overwritten in place after each entry. A process that is killed between the two
/// leaves one entry more than it says. Whoever may write to the folder can rewrite it as well: what protects for good is
/// the seal.
struct SegmentHead: Equatable, Sendable {
    var entries: Int
    var hash: ChainHash
    /// Entries that outlive a loss of power.
    var synchronised: Int

    static func path(of segment: String) -> String { "\(segment).head" }

    var bytes: [UInt8] {
        Array(Self.padded(self.entries)) + [0x20] + self.hash.hexadecimal + [0x20]
            + Array(Self.padded(self.synchronised)) + [0x0A]
    }

    init(entries: Int, hash: ChainHash, synchronised: Int) {
        self.entries = entries
        self.hash = hash
        self.synchronised = synchronised
    }

    init?(_ bytes: [UInt8]) {
        let fields = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
        guard bytes.last == 0x0A, fields.count == 3, let entries = Int(String(decoding: fields[0], as: UTF8.self)),
            let hash = ChainHash(hexadecimal: fields[1]),
            let synchronised = Int(String(decoding: fields[2].dropLast(), as: UTF8.self))
        else { return nil }
        self.init(entries: entries, hash: hash, synchronised: synchronised)
    }

    private static func padded(_ number: Int) -> String.UTF8View {
        let digits = String(number)
        return (String(repeating: "0", count: max(0, 15 - digits.count)) + digits).utf8
    }
}
