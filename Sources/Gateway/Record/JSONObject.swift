/// Writes one JSON object (RFC 8259) on one line: members in the order in which they are written, no blanks.
package struct JSONObject: Sendable {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var isEmpty = true

    package init() { self.bytes.reserveCapacity(512) }

    /// What has been written, without the closing brace.
    package var open: [UInt8] { self.bytes }

    /// The whole object.
    package var closed: [UInt8] { self.bytes + [UInt8(ascii: "}")] }

    /// A member; none when there is no value.
    package mutating func string(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        self.name(name)
        self.text(value)
    }

    package mutating func number(_ name: StaticString, _ value: Int64) {
        self.name(name)
        self.bytes.append(contentsOf: String(value).utf8)
    }

    package mutating func flag(_ name: StaticString, _ value: Bool) {
        self.name(name)
        self.bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    package mutating func strings(_ name: StaticString, _ values: [String]) {
        self.name(name)
        self.bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.text(value)
        }
        self.bytes.append(UInt8(ascii: "]"))
    }

    package mutating func object(_ name: StaticString, _ write: (inout JSONObject) -> Void) {
        self.name(name)
        self.inner(write)
    }

    package mutating func list<Element>(
        _ name: StaticString, _ elements: [Element], _ write: (Element, inout JSONObject) -> Void
    ) {
        self.name(name)
        self.bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.inner { write(element, &$0) }
        }
        self.bytes.append(UInt8(ascii: "]"))
    }

    private mutating func inner(_ write: (inout JSONObject) -> Void) {
        var inner = JSONObject()
        write(&inner)
        self.bytes.append(contentsOf: inner.closed)
    }

    private mutating func name(_ name: StaticString) {
        if !self.isEmpty { self.bytes.append(UInt8(ascii: ",")) }
        self.isEmpty = false
        self.bytes.append(UInt8(ascii: "\""))
        self.bytes.append(contentsOf: name.description.utf8)
        self.bytes.append(contentsOf: "\":".utf8)
    }

    /// Whatever a sender writes stays one value on one line: quotes, backslashes and control characters are escaped.
    private mutating func text(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                self.bytes.append(UInt8(ascii: "\\"))
                self.bytes.append(byte)
            case 0..<0x20, 0x7F:
                self.bytes.append(contentsOf: "\\u00".utf8)
                self.bytes.append(Self.digits[Int(byte >> 4)])
                self.bytes.append(Self.digits[Int(byte & 0xF)])
            default: self.bytes.append(byte)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
