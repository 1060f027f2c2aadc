/// Base64 as `xs:base64Binary` has it: RFC 4648 section 4, padding required, white space passed over on reading.
package enum Base64 {
    /// Without line breaks.
    package static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var filled = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            filled += 1
            if filled == 3 {
                for shift: UInt32 in [18, 12, 6, 0] { result.append(self.alphabet[Int(group >> shift & 63)]) }
                group = 0
                filled = 0
            }
        }
        switch filled {
        case 1:
            group <<= 4
            result += [self.alphabet[Int(group >> 6 & 63)], self.alphabet[Int(group & 63)], 0x3D, 0x3D]
        case 2:
            group <<= 2
            result += [
                self.alphabet[Int(group >> 12 & 63)], self.alphabet[Int(group >> 6 & 63)],
                self.alphabet[Int(group & 63)], 0x3D,
            ]
        default: break
        }
        return result
    }

    /// Nil when the text is not base64, or when bits are left over that an encoder would have set to zero.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var group: UInt32 = 0
        var filled = 0
        var padding = 0
        for byte in text {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case 0x3D: padding += 1
            default:
                let value = self.values[Int(byte)]
                guard value < 64, padding == 0 else { return nil }
                group = group << 6 | UInt32(value)
                filled += 1
                if filled == 4 {
                    result.append(UInt8(truncatingIfNeeded: group >> 16))
                    result.append(UInt8(truncatingIfNeeded: group >> 8))
                    result.append(UInt8(truncatingIfNeeded: group))
                    group = 0
                    filled = 0
                }
            }
        }
        switch (filled, padding) {
        case (0, 0): break
        case (2, 2) where group & 0xF == 0: result.append(UInt8(truncatingIfNeeded: group >> 4))
        case (3, 1) where group & 0x3 == 0:
            result.append(UInt8(truncatingIfNeeded: group >> 10))
            result.append(UInt8(truncatingIfNeeded: group >> 2))
        default: return nil
        }
        return result
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each byte, 255 where it is not of the alphabet.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()
}
