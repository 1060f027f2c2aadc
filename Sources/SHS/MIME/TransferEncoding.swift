/// How the bytes of a part are written (RFC 2045, section 6).
///
/// SHS allows binary and base64; 7bit and 8bit are seen and mean the same as binary, quoted-printable is what mail
/// libraries choose on their own.
package enum TransferEncoding: String, Sendable, CaseIterable {
    case binary
    case sevenBit = "7bit"
    case eightBit = "8bit"
    case base64
    case quotedPrintable = "quoted-printable"

    /// Nil is the absent header, which means 7bit.
    init(header: [UInt8]?) throws(Fault) {
        guard let header else {
            self = .sevenBit
            return
        }
        // A dangling semicolon is tolerated here as everywhere.
        let name = header.filter { !ASCII.isBlank($0) && $0 != ASCII.semicolon }.map(ASCII.lowercased)
        guard let encoding = Self(rawValue: String(decoding: name, as: UTF8.self)) else {
            throw .transferEncodingNotSupported
        }
        self = encoding
    }

    /// Whether the bytes of the part are the content as it stands.
    var isIdentity: Bool {
        switch self {
        case .binary, .sevenBit, .eightBit: true
        case .base64, .quotedPrintable: false
        }
    }

    func decode(_ bytes: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        let decoded: [UInt8]? =
            switch self {
            case .binary, .sevenBit, .eightBit: Array(bytes)
            case .base64: Base64.decode(bytes)
            case .quotedPrintable: QuotedPrintable.decode(bytes)
            }
        guard let decoded else { throw .brokenMIME }
        return decoded
    }
}
