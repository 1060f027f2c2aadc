/// Writes the fields of a message that travels sealed: lengths and numbers big-endian, in a fixed order.
///
/// The form is private to one release of the gateway: every kind of payload begins with a version byte, and a reader
/// that does not know the version treats the message as poison instead of guessing.
package struct PayloadWriter {
    package private(set) var bytes: [UInt8] = []

    package init(version: UInt8, capacity: Int = 256) {
        self.bytes.reserveCapacity(capacity)
        self.bytes.append(version)
    }

    package mutating func write(_ value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            self.bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    package mutating func write(_ value: Int64) { self.write(UInt64(bitPattern: value)) }

    package mutating func write(_ value: Int) { self.write(Int64(value)) }

    package mutating func write(_ value: Bool) { self.bytes.append(value ? 1 : 0) }

    package mutating func write(_ field: [UInt8]) {
        let count = UInt32(field.count)
        for shift in stride(from: 24, through: 0, by: -8) {
            self.bytes.append(UInt8(truncatingIfNeeded: count >> shift))
        }
        self.bytes.append(contentsOf: field)
    }

    package mutating func write(_ text: String) { self.write(Array(text.utf8)) }

    package mutating func write(_ text: String?) {
        self.write(text != nil)
        if let text { self.write(text) }
    }

    package mutating func write(_ field: [UInt8]?) {
        self.write(field != nil)
        if let field { self.write(field) }
    }
}
