/// The character encodings that are read.
///
/// Everything else is refused, so that no two parsers can see two documents.
package enum XMLEncoding: Sendable {
    case utf8
    case utf16BigEndian
    case utf16LittleEndian
    case latin1
    case windows1252
    case ascii

    /// By the name in an XML declaration.
    ///
    /// A declared UTF-16 needs its byte order mark and is not found here.
    init?(declared name: some StringProtocol) {
        switch name.lowercased() {
        case "utf-8", "utf8": self = .utf8
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1": self = .latin1
        case "windows-1252", "cp1252": self = .windows1252
        case "us-ascii", "ascii": self = .ascii
        default: return nil
        }
    }

    /// The bytes as UTF-8; nil when they are not valid in this encoding.
    func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        switch self {
        case .utf8:
            let copy = Array(bytes)
            return (try? UTF8Span(validating: copy.span)) == nil ? nil : copy
        case .ascii:
            return bytes.allSatisfy { $0 < 0x80 } ? Array(bytes) : nil
        case .latin1:
            return Self.decodeSingleByte(bytes) { UInt16($0) }
        case .windows1252:
            return Self.decodeSingleByte(bytes) { byte in
                (0x80..<0xA0).contains(byte) ? Self.windows1252Extras[Int(byte) - 0x80] : UInt16(byte)
            }
        case .utf16BigEndian:
            return Self.decodeUTF16(bytes) { UInt16($0) << 8 | UInt16($1) }
        case .utf16LittleEndian:
            return Self.decodeUTF16(bytes) { UInt16($1) << 8 | UInt16($0) }
        }
    }

    private static func decodeSingleByte(_ bytes: ArraySlice<UInt8>, _ scalar: (UInt8) -> UInt16) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 16)
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
            } else {
                let value = scalar(byte)
                if value < 0x800 {
                    result.append(UInt8(0xC0 | value >> 6))
                } else {
                    result.append(UInt8(0xE0 | value >> 12))
                    result.append(UInt8(0x80 | value >> 6 & 0x3F))
                }
                result.append(UInt8(0x80 | value & 0x3F))
            }
        }
        return result
    }

    private static func decodeUTF16(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> [UInt8]? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
            units.append(unit(bytes[index], bytes[index + 1]))
        }
        return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
    }

    /// The scalars of 0x80 to 0x9F in windows-1252; the five unassigned bytes stay the C1 controls, as browsers read
    /// them.
    private static let windows1252Extras: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]
}
