/// Writes MIME entities with CRLF line ends.
package struct MIMEWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int) {
        self.bytes.reserveCapacity(capacity)
    }

    /// One header field.
    ///
    /// Control characters are left out, so that no value can end its line; what is beyond ISO-8859-1
    /// becomes a question mark.
    package mutating func header(_ name: String, _ value: String) {
        self.raw("\(name): ")
        for scalar in value.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F {
            self.bytes.append(UInt8(exactly: scalar.value) ?? 0x3F)
        }
        self.raw("\r\n")
    }

    /// The empty line between headers and body.
    package mutating func endHeaders() {
        self.raw("\r\n")
    }

    package mutating func raw(_ bytes: [UInt8]) {
        self.bytes.append(contentsOf: bytes)
    }

    package mutating func raw(_ text: String) {
        self.bytes.append(contentsOf: text.utf8)
    }

    /// The line before a part; `first` when no line end is needed before it.
    package mutating func delimiter(_ boundary: MIMEBoundary, first: Bool = false) {
        if !first { self.raw("\r\n") }
        self.raw("--")
        self.raw(boundary.bytes)
        self.raw("\r\n")
    }

    /// The line after the last part.
    package mutating func closeDelimiter(_ boundary: MIMEBoundary) {
        self.raw("\r\n--")
        self.raw(boundary.bytes)
        self.raw("--\r\n")
    }

    /// A parameter with its value quoted, or percent-encoded when it is not ASCII (RFC 2231, section 4).
    package static func parameter(_ name: String, _ value: String) -> String {
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            let encoded = value.utf8.map { byte in
                ASCII.isLetterOrDigit(byte) || byte == 0x2E || byte == 0x5F || byte == ASCII.hyphen
                    ? String(Unicode.Scalar(byte)) : "%" + Self.hexadecimal(byte)
            }
            return "\(name)*=UTF-8''\(encoded.joined())"
        }
        var quoted = ""
        for character in value.unicodeScalars {
            if character == "\"" || character == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(character)
        }
        return "\(name)=\"\(quoted)\""
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
