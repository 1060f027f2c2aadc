/// A header value of the form `value; name=value; …`, as in Content-Type and Content-Disposition (RFC 2045, section
/// 5.1).
///
/// Tolerant of dangling semicolons and of raw bytes and blanks in unquoted values. ``Fault/brokenMIME``: an open quote,
/// text after a quoted value, a parameter given twice, a value that is not a token.
package struct MIMEFieldValue: Sendable {
    /// In lower case: `text/xml`, `attachment`.
    package let value: String
    /// Names in lower case, in their order.
    let parameters: [(name: String, value: [UInt8], isQuoted: Bool)]

    package init(_ bytes: some Collection<UInt8>) throws(Fault) {
        let bytes = Array(bytes)[...]
        let first = bytes.prefix { $0 != ASCII.semicolon }
        let value = ASCII.trimmed(first)
        guard !value.isEmpty, value.allSatisfy({ Self.isToken($0) || $0 == 0x2F }) else { throw .brokenMIME }
        self.value = String(decoding: value.map(ASCII.lowercased), as: UTF8.self)
        var parameters: [(name: String, value: [UInt8], isQuoted: Bool)] = []
        var rest = bytes[first.endIndex...]
        while true {
            rest = rest.drop { ASCII.isBlank($0) || $0 == ASCII.semicolon }
            if rest.isEmpty { break }
            let parameter = try Self.takeParameter(&rest)
            guard parameters.count < 32, !parameters.contains(where: { $0.name == parameter.name }) else {
                throw .brokenMIME
            }
            parameters.append(parameter)
        }
        self.parameters = parameters
    }

    /// The text of a parameter, or of its extended form `name*=charset'language'%..` (RFC 2231, section 4).
    package func parameter(_ name: String) -> String? {
        if let plain = self.parameters.first(where: { $0.name == name }) { return ASCII.text(plain.value) }
        return self.parameters.first { $0.name == name + "*" }.flatMap { Self.extended($0.value) }
    }

    private static func takeParameter(
        _ rest: inout ArraySlice<UInt8>
    ) throws(Fault) -> (name: String, value: [UInt8], isQuoted: Bool) {
        let untrimmed = rest.prefix { $0 != ASCII.equals && $0 != ASCII.semicolon }
        let name = ASCII.trimmed(untrimmed)
        rest = rest[untrimmed.endIndex...]
        guard rest.first == ASCII.equals, !name.isEmpty, name.allSatisfy(Self.isToken) else { throw .brokenMIME }
        rest = rest.dropFirst().drop(while: ASCII.isBlank)
        let isQuoted = rest.first == ASCII.quote
        let value: [UInt8]
        if isQuoted {
            value = try Self.takeQuoted(&rest)
        } else {
            let raw = rest.prefix { $0 != ASCII.semicolon }
            rest = rest[raw.endIndex...]
            value = Array(ASCII.trimmed(raw))
        }
        return (String(decoding: name.map(ASCII.lowercased), as: UTF8.self), value, isQuoted)
    }

    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        var value: [UInt8] = []
        var index = rest.startIndex + 1
        while index < rest.endIndex, rest[index] != ASCII.quote {
            if rest[index] == ASCII.backslash, index + 1 < rest.endIndex { index += 1 }
            value.append(rest[index])
            index += 1
        }
        guard index < rest.endIndex else { throw .brokenMIME }
        rest = rest[(index + 1)...].drop(while: ASCII.isBlank)
        guard rest.first ?? ASCII.semicolon == ASCII.semicolon else { throw .brokenMIME }
        return value
    }

    private static func extended(_ value: [UInt8]) -> String? {
        let fields = value.split(separator: 0x27, maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3 else { return nil }
        var bytes: [UInt8] = []
        var rest = fields[2]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(ASCII.hexadecimalValue),
                let low = rest.popFirst().flatMap(ASCII.hexadecimalValue)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return ASCII.text(bytes)
    }

    /// RFC 2045: any CHAR except space, control characters and `tspecials`.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x28, 0x29, 0x3C, 0x3E, 0x40, 0x2C, 0x3B, 0x3A, 0x5C, 0x22, 0x2F, 0x5B, 0x5D, 0x3F, 0x3D: false
        default: byte > 0x20 && byte < 0x7F
        }
    }
}
