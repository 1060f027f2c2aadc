import Gateway
import GatewayFixtures
import Testing

@Suite struct PayloadTests {
    private static let sample: [UInt8] = {
        var writer = PayloadWriter(version: 7)
        writer.write(UInt64.max)
        writer.write(Int64.min)
        writer.write(-3)
        writer.write(true)
        writer.write(false)
        writer.write([1, 2, 3] as [UInt8])
        writer.write("räksmörgås")
        writer.write(nil as String?)
        writer.write("x" as String?)
        writer.write(nil as [UInt8]?)
        writer.write([] as [UInt8]?)
        writer.write(2)
        writer.write([9, 9] as [UInt8])
        return writer.bytes
    }()

    /// Reads everything that ``sample`` holds and returns it as one text.
    private static func read(_ bytes: [UInt8]) throws(MalformedPayload) -> String {
        var reader = try PayloadReader(bytes, version: 7)
        var text = "\(try reader.unsigned()) \(try reader.signed()) \(try reader.integer())"
        text += " \(try reader.bool()) \(try reader.bool()) \(try reader.field()) \(try reader.text())"
        text += " \(try reader.optionalText() ?? "-") \(try reader.optionalText() ?? "-")"
        text += " \(try reader.optionalField() ?? [0]) \(try reader.optionalField() ?? [0]) \(try reader.count())"
        text += " \(try reader.field())"
        try reader.end()
        return text
    }

    private static let text =
        "\(UInt64.max) \(Int64.min) -3 true false [1, 2, 3] räksmörgås - x [0] [] 2 [9, 9]"

    @Test func `what was written is read again`() throws {
        #expect(try Self.read(Self.sample) == Self.text)
    }

    @Test func `every truncation is malformed`() {
        for length in Self.sample.indices {
            #expect(throws: MalformedPayload()) { try Self.read(Array(Self.sample.prefix(length))) }
        }
    }

    @Test func `a byte too many is malformed`() {
        #expect(throws: MalformedPayload()) { try Self.read(Self.sample + [0]) }
    }

    @Test func `another version is malformed`() {
        #expect(throws: MalformedPayload()) { try PayloadReader([8] + Self.sample.dropFirst(), version: 7) }
        #expect(throws: MalformedPayload()) { try PayloadReader([], version: 7) }
    }

    @Test func `every flipped bit gives another value or is malformed, and never the same`() {
        for index in Self.sample.indices {
            for bit in 0..<8 {
                var bytes = Self.sample
                bytes[index] ^= 1 << bit
                #expect((try? Self.read(bytes)) != Self.text, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `absurd lengths and counts are refused before anything is made for them`() throws {
        // A field of 4 GiB, of which nothing is there.
        var reader = try PayloadReader([7, 0xff, 0xff, 0xff, 0xff], version: 7)
        #expect(throws: MalformedPayload()) { try reader.field() }
        for count in [Int64.max, 1 << 40, 3, -1, .min] {
            var writer = PayloadWriter(version: 7)
            writer.write(count)
            writer.write(true)
            writer.write(true)
            var reader = try PayloadReader(writer.bytes, version: 7)
            #expect(throws: MalformedPayload()) { try reader.count() }
        }
        var writer = PayloadWriter(version: 7)
        writer.write(2)
        writer.write(true)
        writer.write(true)
        reader = try PayloadReader(writer.bytes, version: 7)
        #expect(try reader.count() == 2)
    }

    @Test(arguments: [[0xC3, 0x28], [0xFF], [0xED, 0xA0, 0x80], [0xC0, 0x80]] as [[UInt8]])
    func `text that is not UTF-8 is malformed`(_ bytes: [UInt8]) throws {
        var writer = PayloadWriter(version: 7)
        writer.write(bytes)
        var reader = try PayloadReader(writer.bytes, version: 7)
        #expect(throws: MalformedPayload()) { try reader.text() }
    }

    @Test(arguments: [2, 255] as [UInt8])
    func `a truth value is 0 or 1`(_ byte: UInt8) throws {
        var reader = try PayloadReader([7, byte], version: 7)
        #expect(throws: MalformedPayload()) { try reader.bool() }
    }

    @Test func `random bytes never trap`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<5_000 {
            let bytes =
                [7]
                + (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? Self.read(bytes)
        }
    }
}
