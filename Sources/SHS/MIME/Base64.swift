/// Base64 (RFC 2045, section 6.8), read strictly and written in lines.
package enum Base64 {
    /// Nil when there is anything but the alphabet and line ends, or when the padding or the last bits are not exactly
    /// right.
    package static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 4 * 3)
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        let values = Self.values
        for byte in bytes {
            let value = values[Int(byte)]
            if value < 64 {
                guard padding == 0 else { return nil }
                group = group << 6 | UInt32(value)
                digits += 1
                if digits == 4 {
                    result.append(UInt8(truncatingIfNeeded: group >> 16))
                    result.append(UInt8(truncatingIfNeeded: group >> 8))
                    result.append(UInt8(truncatingIfNeeded: group))
                    group = 0
                    digits = 0
                }
            } else if byte == ASCII.equals {
                padding += 1
                guard digits + padding <= 4 else { return nil }
            } else if byte != ASCII.lineFeed && byte != ASCII.carriageReturn {
                return nil
            }
        }
        switch (digits, padding) {
        case (0, 0):
            return result
        case (2, 2) where group & 0xF == 0:
            result.append(UInt8(truncatingIfNeeded: group >> 4))
            return result
        case (3, 1) where group & 0x3 == 0:
            result.append(UInt8(truncatingIfNeeded: group >> 10))
            result.append(UInt8(truncatingIfNeeded: group >> 2))
            return result
        default:
            return nil
        }
    }

    /// Lines of 76 characters; CRLF between them, none at the end.
    package static func encodeLines(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 57 * 78 + 80)
        let alphabet = Self.alphabet
        var index = 0
        while index < bytes.count {
            if index > 0, index.isMultiple(of: 57) {
                result.append(ASCII.carriageReturn)
                result.append(ASCII.lineFeed)
            }
            let second = index + 1 < bytes.count ? bytes[index + 1] : 0
            let third = index + 2 < bytes.count ? bytes[index + 2] : 0
            result.append(alphabet[Int(bytes[index] >> 2)])
            result.append(alphabet[Int(bytes[index] & 0x3) << 4 | Int(second >> 4)])
            result.append(
                index + 1 < bytes.count ? alphabet[Int(second & 0xF) << 2 | Int(third >> 6)] : ASCII.equals)
            result.append(index + 2 < bytes.count ? alphabet[Int(third & 0x3F)] : ASCII.equals)
            index += 3
        }
        return result
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each byte, 255 for what is not in the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, byte) in Self.alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()
}
