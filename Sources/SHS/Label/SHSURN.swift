/// The `urn:X-shs:` form in which addresses and products stand on the wire.
enum SHSURN {
    static let prefix = "urn:X-shs:"

    /// Without blanks around it and without the prefix, which is matched in any case and may be missing.
    static func value(_ text: String) -> Substring {
        let trimmed = Self.trimmed(text)
        guard trimmed.utf8.count >= Self.prefix.utf8.count else { return trimmed }
        let head = trimmed.utf8.prefix(Self.prefix.utf8.count)
        let matches = head.elementsEqual(Self.prefix.utf8) { ASCII.lowercased($0) == ASCII.lowercased($1) }
        return matches ? trimmed[head.endIndex...] : trimmed
    }

    /// Without XML white space at both ends.
    static func trimmed(_ text: String) -> Substring {
        var result = text[...]
        while let first = result.utf8.first, Self.isSpace(first) {
            result = result[result.utf8.index(after: result.startIndex)...]
        }
        while let last = result.utf8.last, Self.isSpace(last) {
            result = result[..<result.utf8.index(before: result.endIndex)]
        }
        return result
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        ASCII.isBlank(byte) || byte == ASCII.lineFeed || byte == ASCII.carriageReturn
    }
}
