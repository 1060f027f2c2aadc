/// FNV-1a, 64 bits, over the bytes of a question.
///
/// It only compares transfers of one and the same sender and tx.id: whoever could construct a collision would mix up
/// nobody's answers but its own, so a cryptographic digest would add cost and nothing else.
package struct ContentDigest: Hashable, Sendable {
    package let value: UInt64

    package init(value: UInt64) { self.value = value }

    package init(of bytes: some Sequence<UInt8>) {
        self.value = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
