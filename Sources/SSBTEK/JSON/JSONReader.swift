/// A strict reader of JSON (RFC 8259) that never agrees to two meanings of one text.
///
/// UTF-8 only; a byte order mark is passed over. Refuses unpaired surrogates, leading zeros, control characters in
/// texts, anything after the value, nesting deeper than 64, and, when told so, a name that occurs twice in one object.
struct JSONReader {
    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private let refusesRepeatedNames: Bool
    private var position = 0

    /// Nil when the bytes are not one JSON value.
    static func read(_ bytes: [UInt8], refusingRepeatedNames: Bool) -> JSONValue? {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var reader = JSONReader(bytes: bytes, refusesRepeatedNames: refusingRepeatedNames, position: start)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.position == bytes.count ? value : nil
    }

    private init(bytes: [UInt8], refusesRepeatedNames: Bool, position: Int) {
        self.bytes = bytes
        self.refusesRepeatedNames = refusesRepeatedNames
        self.position = position
    }

    private var next: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    private mutating func skipSpace() {
        while let byte = self.next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { self.position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.position += 1
        return true
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.maximumDepth else { return nil }
        self.skipSpace()
        switch self.next {
        case 0x7B: return self.object(depth: depth)
        case 0x5B: return self.array(depth: depth)
        case 0x22: return self.string().map { .string($0) }
        case 0x74: return self.word("true", .bool(true))
        case 0x66: return self.word("false", .bool(false))
        case 0x6E: return self.word("null", .null)
        default: return self.number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
        guard self.bytes[self.position...].starts(with: word.utf8) else { return nil }
        self.position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) -> JSONValue? {
        self.position += 1
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        self.skipSpace()
        if self.take(0x7D) { return .object([]) }
        while true {
            self.skipSpace()
            guard self.next == 0x22, let name = self.string() else { return nil }
            if self.refusesRepeatedNames, !names.insert(name).inserted { return nil }
            self.skipSpace()
            guard self.take(0x3A), let value = self.value(depth: depth + 1) else { return nil }
            members.append(JSONValue.Member(name: name, value: value))
            self.skipSpace()
            if self.take(0x7D) { return .object(members) }
            guard self.take(0x2C) else { return nil }
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        self.position += 1
        var elements: [JSONValue] = []
        self.skipSpace()
        if self.take(0x5D) { return .array([]) }
        while true {
            guard let value = self.value(depth: depth + 1) else { return nil }
            elements.append(value)
            self.skipSpace()
            if self.take(0x5D) { return .array(elements) }
            guard self.take(0x2C) else { return nil }
        }
    }

    /// RFC 8259, section 6.
    private mutating func number() -> JSONValue? {
        let start = self.position
        _ = self.take(0x2D)
        if !self.take(0x30) { guard self.takeDigits() else { return nil } }
        if self.take(0x2E) { guard self.takeDigits() else { return nil } }
        if self.take(0x65) || self.take(0x45) {
            if !self.take(0x2B) { _ = self.take(0x2D) }
            guard self.takeDigits() else { return nil }
        }
        return .number(String(decoding: self.bytes[start..<self.position], as: UTF8.self))
    }

    private mutating func takeDigits() -> Bool {
        let start = self.position
        while let byte = self.next, (0x30...0x39).contains(byte) { self.position += 1 }
        return self.position > start
    }

    private mutating func string() -> String? {
        self.position += 1
        var result: [UInt8] = []
        while let byte = self.next {
            self.position += 1
            switch byte {
            case 0x22: return String(decoding: result, as: UTF8.self)
            case 0x5C: guard self.escape(into: &result) else { return nil }
            case 0..<0x20: return nil
            default: result.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into result: inout [UInt8]) -> Bool {
        guard let byte = self.next else { return false }
        self.position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: result.append(byte)
        case 0x62: result.append(0x08)
        case 0x66: result.append(0x0C)
        case 0x6E: result.append(0x0A)
        case 0x72: result.append(0x0D)
        case 0x74: result.append(0x09)
        case 0x75:
            guard let scalar = self.unicodeEscape() else { return false }
            result.append(contentsOf: String(scalar).utf8)
        default: return false
        }
        return true
    }

    /// After `\u`: four hexadecimal digits, or a high surrogate and the escape of its low one.
    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let unit = self.hexadecimal() else { return nil }
        guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
        guard self.take(0x5C), self.take(0x75), let low = self.hexadecimal(), (0xDC00..<0xE000).contains(low) else {
            return nil
        }
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    }

    private mutating func hexadecimal() -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = self.next else { return nil }
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
            default: return nil
            }
            self.position += 1
        }
        return value
    }
}
