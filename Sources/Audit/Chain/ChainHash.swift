import Crypto

/// SHA-256 of a line and everything before it.
struct ChainHash: Hashable, Sendable {
    let bytes: [UInt8]

    private init(_ digest: SHA256Digest) { self.bytes = Array(digest) }

    /// What the first line of a file follows: the file's own name, so that one file cannot be put in another's place.
    init(ofFile name: String) { self.init(SHA256.hash(data: Array("shs-gateway record 1 \(name)".utf8))) }

    /// - Parameter body: The line up to the member `hash`.
    init(after previous: ChainHash, body: ArraySlice<UInt8>) {
        var digest = SHA256()
        digest.update(data: previous.bytes)
        digest.update(data: body)
        self.init(digest.finalize())
    }

    /// 64 lower-case hexadecimal digits.
    init?(hexadecimal: ArraySlice<UInt8>) {
        guard hexadecimal.count == 64 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for digit in hexadecimal {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x57
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.bytes = bytes
    }

    var hexadecimal: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in self.bytes {
            text.append(Self.digits[Int(byte >> 4)])
            text.append(Self.digits[Int(byte & 0xF)])
        }
        return text
    }

    var text: String { String(decoding: self.hexadecimal, as: UTF8.self) }

    private static let digits = Array("0123456789abcdef".utf8)
}
