internal import XML

/// The children of a label element, taken in the order of the document type.
///
/// Whatever is left at the end was unknown, repeated or misplaced.
struct LabelChildren {
    private var rest: ArraySlice<XMLElement>
    private let hasText: Bool

    init(_ element: XMLElement) {
        self.rest = element.children[...]
        self.hasText = !element.text.utf8.allSatisfy(SHSURN.isSpace)
    }

    /// The next child when it has this name.
    mutating func take(_ name: String) throws(Fault) -> XMLElement? {
        guard let first = self.rest.first, first.name == name, first.namespace == nil else { return nil }
        self.rest.removeFirst()
        return first
    }

    mutating func require(_ name: String) throws(Fault) -> XMLElement {
        guard let child = try self.take(name) else { throw .labelMalformed }
        return child
    }

    /// The next children as long as they have this name.
    mutating func takeAll(_ name: String) -> [XMLElement] {
        let found = self.rest.prefix { $0.name == name && $0.namespace == nil }
        self.rest = self.rest.dropFirst(found.count)
        return Array(found)
    }

    func finish() throws(Fault) {
        guard self.rest.isEmpty, !self.hasText else { throw .labelMalformed }
    }
}

extension XMLElement {
    /// An NMTOKEN.
    ///
    /// Only ASCII, since it goes into headers and keys, and not longer than any UUID with room to spare.
    func token(_ name: String) throws(Fault) -> String? {
        guard let value = self.attribute(name) else { return nil }
        let trimmed = SHSURN.trimmed(value)
        let isToken = trimmed.utf8.allSatisfy {
            ASCII.isLetterOrDigit($0) || $0 == ASCII.hyphen || $0 == 0x2E || $0 == 0x5F || $0 == ASCII.colon
        }
        guard (1...128).contains(trimmed.utf8.count), isToken else { throw .labelMalformed }
        return String(trimmed)
    }

    func requiredToken(_ name: String) throws(Fault) -> String {
        guard let value = try self.token(name) else { throw .labelMalformed }
        return value
    }

    /// One of the values of an enumeration, in exactly this case; blanks around are XML's to drop.
    func choice<Choice: RawRepresentable<String>>(_ name: String) throws(Fault) -> Choice? {
        guard let value = self.attribute(name) else { return nil }
        guard let choice = Choice(rawValue: String(SHSURN.trimmed(value))) else { throw .labelMalformed }
        return choice
    }

    func requiredChoice<Choice: RawRepresentable<String>>(_ name: String) throws(Fault) -> Choice {
        guard let choice: Choice = try self.choice(name) else { throw .labelMalformed }
        return choice
    }
}
