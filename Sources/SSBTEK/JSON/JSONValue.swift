/// A JSON value (RFC 8259).
///
/// Numbers stay text: nothing here counts with them.
indirect enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in document order; names may repeat unless the reader refused that.
    case object([Member])

    struct Member: Sendable, Equatable {
        let name: String
        let value: JSONValue
    }

    /// The first member with a name; nil for anything but an object.
    subscript(name: String) -> JSONValue? {
        self.members.first { $0.name == name }?.value
    }

    var members: [Member] {
        if case .object(let members) = self { return members }
        return []
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { return elements }
        return []
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// Whether it says nothing: null, an empty text, or arrays and objects of nothing but such.
    var isVoid: Bool {
        switch self {
        case .null: true
        case .bool, .number: false
        case .string(let text): text.isEmpty
        case .array(let elements): elements.allSatisfy(\.isVoid)
        case .object(let members): members.allSatisfy(\.value.isVoid)
        }
    }
}
