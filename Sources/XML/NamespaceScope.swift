/// The namespace declarations in scope at one place of a document.
struct NamespaceScope {
    private var declarations: [(prefix: String, uri: String)] = []

    /// Without an undeclared default.
    var visible: [(prefix: String, uri: String)] {
        self.declarations.filter { !$0.uri.isEmpty }
    }

    /// The scope inside an element: this one with the declarations of the start tag.
    func inside(_ tag: XMLScanner.Token, _ document: [UInt8]) -> NamespaceScope {
        guard tag.namespaceCount > 0 else { return self }
        var result = self
        var rest = document[tag.name.upperBound..<tag.range.upperBound]
        while true {
            rest = rest.drop(while: isXMLSpace)
            let name = rest.prefix { !isXMLSpace($0) && $0 != 0x3D && $0 != 0x2F && $0 != 0x3E }
            rest = rest.dropFirst(name.count).drop(while: isXMLSpace)
            guard !name.isEmpty, rest.first == 0x3D else { return result }
            rest = rest.dropFirst().drop(while: isXMLSpace)
            guard let quote = rest.first else { return result }
            let value = rest.dropFirst().prefix { $0 != quote }
            rest = rest.dropFirst(value.count + 2)
            result.declare(String(decoding: name, as: UTF8.self), CharacterReferences.resolve(value))
        }
    }

    private mutating func declare(_ attribute: String, _ uri: String) {
        guard attribute == "xmlns" || attribute.hasPrefix("xmlns:") else { return }
        let prefix = String(attribute.dropFirst(6))
        self.declarations.removeAll { $0.prefix == prefix }
        self.declarations.append((prefix, uri))
    }
}

/// The five predefined entities and numeric references in an attribute value (XML 1.0, sections 4.1 and 4.6).
private enum CharacterReferences {
    static func resolve(_ value: ArraySlice<UInt8>) -> String {
        guard value.contains(0x26) else { return String(decoding: value, as: UTF8.self) }
        var result = ""
        var rest = Substring(decoding: value, as: UTF8.self)
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[rest.index(after: ampersand)...]
            guard let end = rest.firstIndex(of: ";") else { break }
            result += Self.character(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> String {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let number =
                name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(1), radix: 10)
            return number.flatMap(Unicode.Scalar.init).map { String($0) } ?? ""
        }
    }
}
