internal import XML

/// Makes a document of an element inside another one.
///
/// The bytes stay as they are; only the start tag gets the namespace declarations that were made further out.
enum StandaloneElement {
    static func document(_ content: XMLContent) -> [UInt8] {
        let startTag = content.element[..<content.content.startIndex]
        let nameEnd = startTag.firstIndex { Self.endsName($0) } ?? startTag.endIndex
        let own = Self.declaredPrefixes(startTag[nameEnd...])
        var writer = XMLWriter(capacity: content.element.count + 256)
        writer.raw(content.element[..<nameEnd])
        for (prefix, uri) in content.outerNamespaces where prefix != "xml" && !own.contains(prefix) {
            writer.attribute(prefix.isEmpty ? "xmlns" : "xmlns:\(prefix)", uri)
        }
        writer.raw(content.element[nameEnd...])
        return writer.bytes
    }

    /// The prefixes that a start tag of a well-formed document declares itself; the empty one is the default.
    private static func declaredPrefixes(_ attributes: ArraySlice<UInt8>) -> Set<String> {
        var result: Set<String> = []
        var rest = attributes
        while let equals = rest.firstIndex(of: 0x3D) {
            let name = String(decoding: rest[..<equals].filter { !Self.isSpace($0) }, as: UTF8.self)
            if name == "xmlns" { result.insert("") }
            if name.hasPrefix("xmlns:") { result.insert(String(name.dropFirst(6))) }
            let value = rest[(equals + 1)...].drop(while: Self.isSpace)
            guard let quote = value.first, let end = value.dropFirst().firstIndex(of: quote) else { return result }
            rest = rest[(end + 1)...]
        }
        return result
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        Self.isSpace(byte) || byte == 0x2F || byte == 0x3E
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
