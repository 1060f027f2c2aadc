/// An XML document as UTF-8 without byte order mark and XML declaration, or nil when its encoding is not read or is
/// wrong.
///
/// The encoding is that of the byte order mark, else of the XML declaration, else UTF-8 (XML 1.0, appendix F). With a
/// `fallback`, a document that names no encoding and is not valid UTF-8 is read in that one.
package func transcodeToUTF8(_ bytes: [UInt8], fallback: XMLEncoding? = nil) -> [UInt8]? {
    let (encoding, start) = detectEncoding(bytes)
    if let encoding {
        return encoding.decode(bytes[start...]).flatMap { withoutDeclaration($0) }
    }
    guard let declaration = XMLDeclaration(of: bytes[...]) else {
        return startsDeclaration(bytes[...]) ? nil : decodeUnnamed(bytes[...], fallback: fallback)
    }
    let rest = bytes[declaration.end...]
    guard let name = declaration.encoding else { return decodeUnnamed(rest, fallback: fallback) }
    return XMLEncoding(declared: name).flatMap { $0.decode(rest) }
}

private func decodeUnnamed(_ bytes: ArraySlice<UInt8>, fallback: XMLEncoding?) -> [UInt8]? {
    XMLEncoding.utf8.decode(bytes) ?? fallback.flatMap { $0.decode(bytes) }
}

/// By the first bytes alone: a byte order mark, or `<?` in UTF-16.
private func detectEncoding(_ bytes: [UInt8]) -> (encoding: XMLEncoding?, start: Int) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if bytes.starts(with: [0x00, 0x3C, 0x00, 0x3F]) { return (.utf16BigEndian, 0) }
    if bytes.starts(with: [0x3C, 0x00, 0x3F, 0x00]) { return (.utf16LittleEndian, 0) }
    return (nil, 0)
}

/// Strips the declaration of a document whose encoding was known without it.
private func withoutDeclaration(_ bytes: [UInt8]) -> [UInt8]? {
    if let declaration = XMLDeclaration(of: bytes[...]) { return Array(bytes[declaration.end...]) }
    return startsDeclaration(bytes[...]) ? nil : bytes
}

private func startsDeclaration(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count > 5 && bytes.starts(with: Array("<?xml".utf8)) && isXMLSpace(bytes[bytes.startIndex + 5])
}

func isXMLSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}

/// The `<?xml version="1.0" encoding="…" standalone="…"?>` at the start of a document (XML 1.0, production 23).
private struct XMLDeclaration {
    let encoding: String?
    let end: Int

    /// Nil when the document does not start with a declaration of the right form.
    init?(of bytes: ArraySlice<UInt8>) {
        guard startsDeclaration(bytes) else { return nil }
        let limit = bytes.prefix(512)
        guard
            let close = limit.indices.first(where: {
                limit[$0] == 0x3F && $0 + 1 < limit.endIndex && limit[$0 + 1] == 0x3E
            })
        else { return nil }
        var rest = limit[(limit.startIndex + 5)..<close]
        var values: [(name: String, value: String)] = []
        while true {
            let spaces = rest.prefix(while: isXMLSpace)
            rest = rest.dropFirst(spaces.count)
            if rest.isEmpty { break }
            guard !spaces.isEmpty, let pair = Self.takeAttribute(&rest) else { return nil }
            values.append(pair)
        }
        let names = values.map(\.name)
        let wanted = ["version", "encoding", "standalone"].filter { names.contains($0) }
        guard names == wanted, values.first?.name == "version", values[0].value.hasPrefix("1.") else { return nil }
        self.encoding = values.first { $0.name == "encoding" }?.value
        self.end = close + 2
    }

    private static func takeAttribute(_ rest: inout ArraySlice<UInt8>) -> (name: String, value: String)? {
        let name = rest.prefix { (0x61...0x7A).contains($0) }
        rest = rest.dropFirst(name.count).drop(while: isXMLSpace)
        guard rest.first == 0x3D else { return nil }
        rest = rest.dropFirst().drop(while: isXMLSpace)
        guard let quote = rest.first, quote == 0x22 || quote == 0x27 else { return nil }
        let value = rest.dropFirst().prefix { $0 != quote }
        rest = rest.dropFirst(value.count + 1)
        guard rest.first == quote, value.allSatisfy({ $0 < 0x80 }) else { return nil }
        rest = rest.dropFirst()
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}
