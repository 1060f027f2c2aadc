/// The payload is not one that this release has written.
package struct MalformedPayload: Error, Equatable {
    package init() {}
}

/// Reads what ``PayloadWriter`` wrote; every length is checked against what is there.
package struct PayloadReader {
    private var rest: ArraySlice<UInt8>

    package init(_ bytes: [UInt8], version: UInt8) throws(MalformedPayload) {
        guard bytes.first == version else { throw MalformedPayload() }
        self.rest = bytes.dropFirst()
    }

    package mutating func unsigned() throws(MalformedPayload) -> UInt64 {
        try self.take(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package mutating func signed() throws(MalformedPayload) -> Int64 { Int64(bitPattern: try self.unsigned()) }

    package mutating func integer() throws(MalformedPayload) -> Int {
        guard let value = Int(exactly: try self.signed()) else { throw MalformedPayload() }
        return value
    }

    /// A number of elements that follow, each at least one byte long: more than what is left cannot be true.
    package mutating func count() throws(MalformedPayload) -> Int {
        let value = try self.integer()
        guard (0...self.rest.count).contains(value) else { throw MalformedPayload() }
        return value
    }

    package mutating func bool() throws(MalformedPayload) -> Bool {
        switch try self.take(1).first {
        case 0: false
        case 1: true
        default: throw MalformedPayload()
        }
    }

    package mutating func field() throws(MalformedPayload) -> [UInt8] {
        let count = try self.take(4).reduce(0) { $0 << 8 | Int($1) }
        return Array(try self.take(count))
    }

    package mutating func text() throws(MalformedPayload) -> String {
        guard let text = String(validating: try self.field(), as: UTF8.self) else { throw MalformedPayload() }
        return text
    }

    package mutating func optionalText() throws(MalformedPayload) -> String? { try self.bool() ? try self.text() : nil }

    package mutating func optionalField() throws(MalformedPayload) -> [UInt8]? {
        try self.bool() ? try self.field() : nil
    }

    /// Nothing may be left over.
    package func end() throws(MalformedPayload) {
        guard self.rest.isEmpty else { throw MalformedPayload() }
    }

    private mutating func take(_ count: Int) throws(MalformedPayload) -> ArraySlice<UInt8> {
        guard count >= 0, count <= self.rest.count else { throw MalformedPayload() }
        defer { self.rest = self.rest.dropFirst(count) }
        return self.rest.prefix(count)
    }
}
