/// The digits of an identity number as written: ten, or ten with the century before, with or without a separator.
struct IdentityDigits {
    enum Separator {
        case hyphen
        /// From the year in which a person turns 100.
        case plus
    }

    /// The first two of twelve digits.
    let century: Int?
    /// The ten digits that the check digit covers, each 0 to 9.
    let ten: [UInt8]
    let separator: Separator?

    init(_ text: String) throws(IdentityNumberError) {
        var bytes = Array(text.utf8)
        while let last = bytes.last, Self.isSpace(last) { bytes.removeLast() }
        bytes.removeFirst(bytes.prefix(while: Self.isSpace).count)
        guard !bytes.isEmpty else { throw .empty }

        var separator: Separator?
        if bytes.count > 5, let found = Self.separator(bytes[bytes.count - 5]) {
            separator = found
            bytes.remove(at: bytes.count - 5)
        }
        let letters = bytes.indices.filter { !(0x30...0x39).contains(bytes[$0]) }
        if !letters.isEmpty { throw Self.reason(for: letters, in: bytes) }
        guard bytes.count == 10 || bytes.count == 12 else { throw .length }

        let digits = bytes.map { $0 - 0x30 }
        self.century = digits.count == 12 ? Int(digits[0]) * 10 + Int(digits[1]) : nil
        self.ten = Array(digits.suffix(10))
        self.separator = separator
    }

    /// Modulus 10 over the first nine of the ten digits, weights 2, 1, 2, …; the century never takes part.
    var checkDigitIsRight: Bool {
        var sum = 0
        for (index, digit) in self.ten.enumerated() {
            let product = Int(digit) * (index.isMultiple(of: 2) ? 2 : 1)
            sum += product / 10 + product % 10
        }
        return sum.isMultiple(of: 10)
    }

    /// The number of two digits that starts at an index of the ten.
    func pair(at index: Int) -> Int {
        Int(self.ten[index]) * 10 + Int(self.ten[index + 1])
    }

    var tenText: String { String(decoding: self.ten.map { $0 + 0x30 }, as: UTF8.self) }

    private static func reason(for letters: [Int], in bytes: [UInt8]) -> IdentityNumberError {
        let isWhole = bytes.count == 10 || bytes.count == 12
        if isWhole, letters == [bytes.count - 4], "TRSUWXJKLMNP".utf8.contains(bytes[bytes.count - 4] & 0xDF) {
            return .interimNumber
        }
        return letters.allSatisfy { Self.separator(bytes[$0]) != nil } ? .separator : .characters
    }

    private static func separator(_ byte: UInt8) -> Separator? {
        switch byte {
        case 0x2D: .hyphen
        case 0x2B: .plus
        default: nil
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
