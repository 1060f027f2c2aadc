/// Walks through the tags of a UTF-8 document without building anything.
///
/// Two uses: the limits are checked before libxml2 sees a byte, and byte ranges are found for verbatim copies. On a
/// document that is not well-formed it agrees with the parser up to the first error, which is where the parser stops.
struct XMLScanner {
    /// One tag, or the document type declaration.
    ///
    /// Text, comments, CDATA and processing instructions are passed over.
    struct Token {
        enum Kind {
            case start
            case empty
            case end
            /// The declaration's parts have been looked at: it has no internal subset and a bare file name, or none.
            case documentType
        }

        let kind: Kind
        /// From `<` to after `>`.
        let range: Range<Int>
        /// The qualified name.
        let name: Range<Int>
        let attributeCount: Int
        let namespaceCount: Int
    }

    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.position = 0
    }

    /// The next token, nil at the end.
    mutating func next() throws(XMLParsingError) -> Token? {
        while let open = self.index(of: 0x3C, from: self.position) {
            guard open + 1 < self.bytes.count else { throw XMLParsingError(.notWellFormed) }
            switch self.bytes[open + 1] {
            case 0x21:  // "!"
                if self.matches(Self.commentStart, at: open) {
                    self.position = try self.end(of: Self.commentEnd, from: open + 4)
                } else if self.matches(Self.cdataStart, at: open) {
                    self.position = try self.end(of: Self.cdataEnd, from: open + 9)
                } else {
                    return try self.documentType(at: open)
                }
            case 0x3F:  // "?"
                self.position = try self.end(of: Self.instructionEnd, from: open + 2)
            default:
                return try self.tag(at: open)
            }
        }
        self.position = self.bytes.count
        return nil
    }

    private mutating func tag(at open: Int) throws(XMLParsingError) -> Token {
        let isEnd = self.bytes[open + 1] == 0x2F
        let nameStart = isEnd ? open + 2 : open + 1
        var index = nameStart
        while index < self.bytes.count, !Self.endsName(self.bytes[index]) { index += 1 }
        let name = nameStart..<index
        var attributes = 0
        var namespaces = 0
        var wordStart = index
        while index < self.bytes.count {
            let byte = self.bytes[index]
            switch byte {
            case 0x3E:  // ">"
                let isEmpty = self.bytes[index - 1] == 0x2F && !isEnd
                self.position = index + 1
                return Token(
                    kind: isEnd ? .end : isEmpty ? .empty : .start, range: open..<(index + 1), name: name,
                    attributeCount: attributes, namespaceCount: namespaces)
            case 0x3C:  // "<" may not stand in a tag, not even in a value
                throw XMLParsingError(.notWellFormed)
            case 0x22, 0x27:  // a quoted value
                guard let close = self.index(of: byte, from: index + 1) else { throw XMLParsingError(.notWellFormed) }
                index = close
                wordStart = close + 1
            case 0x3D:  // "="
                attributes += 1
                if self.matches(Self.namespacePrefix, at: wordStart) { namespaces += 1 }
            default:
                if isXMLSpace(byte), index + 1 < self.bytes.count, !isXMLSpace(self.bytes[index + 1]),
                    self.bytes[index + 1] != 0x3D
                {
                    wordStart = index + 1
                }
            }
            index += 1
        }
        throw XMLParsingError(.notWellFormed)
    }

    /// `<!DOCTYPE name (SYSTEM "file" | PUBLIC "id" "file")? >` and nothing else (XML 1.0, production 28).
    private mutating func documentType(at open: Int) throws(XMLParsingError) -> Token {
        guard self.matches(Self.documentTypeStart, at: open) else { throw XMLParsingError(.notWellFormed) }
        var literals: [Range<Int>] = []
        var index = open + 9
        while index < self.bytes.count {
            let byte = self.bytes[index]
            switch byte {
            case 0x3E:
                guard literals.last.map({ self.isBareFileName($0) }) ?? true else {
                    throw XMLParsingError(.documentTypeForbidden)
                }
                self.position = index + 1
                return Token(
                    kind: .documentType, range: open..<(index + 1), name: open..<open, attributeCount: 0,
                    namespaceCount: 0)
            case 0x5B, 0x3C, 0x25:  // "[", "<", "%": an internal subset
                throw XMLParsingError(.documentTypeForbidden)
            case 0x22, 0x27:
                guard let close = self.index(of: byte, from: index + 1) else { throw XMLParsingError(.notWellFormed) }
                literals.append((index + 1)..<close)
                index = close
            default:
                break
            }
            index += 1
        }
        throw XMLParsingError(.notWellFormed)
    }

    /// Neither a path nor an address: letters, digits, dot, hyphen and underscore only.
    private func isBareFileName(_ range: Range<Int>) -> Bool {
        !range.isEmpty
            && self.bytes[range].allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        isXMLSpace(byte) || byte == 0x2F || byte == 0x3E || byte == 0x3C || byte == 0x3D
    }

    private func index(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < self.bytes.count {
            if self.bytes[index] == byte { return index }
            index += 1
        }
        return nil
    }

    private func end(of text: [UInt8], from start: Int) throws(XMLParsingError) -> Int {
        var index = start
        while let found = self.index(of: text[0], from: index) {
            if self.matches(text, at: found) { return found + text.count }
            index = found + 1
        }
        throw XMLParsingError(.notWellFormed)
    }

    private func matches(_ text: [UInt8], at start: Int) -> Bool {
        guard start + text.count <= self.bytes.count else { return false }
        for offset in text.indices where self.bytes[start + offset] != text[offset] { return false }
        return true
    }

    private static let commentStart = Array("<!--".utf8)
    private static let commentEnd = Array("-->".utf8)
    private static let cdataStart = Array("<![CDATA[".utf8)
    private static let cdataEnd = Array("]]>".utf8)
    private static let instructionEnd = Array("?>".utf8)
    private static let documentTypeStart = Array("<!DOCTYPE".utf8)
    private static let namespacePrefix = Array("xmlns".utf8)
}
