import AMQPTransport
import Crypto
import Gateway
import SSBTEK
import Testing

/// AES-256-GCM around every payload.
struct EnvelopeTests {
    private let key = SymmetricKey(size: .bits256)
    private let payload = Array("199001019802".utf8)
    private let context = SealingContext(lane: .work(.csn), transaction: TransactionID("t-1"), question: 1)

    private func sealed(_ payload: [UInt8]? = nil, epoch: String = "000001") throws -> [UInt8] {
        try Envelope.seal(payload ?? self.payload, for: self.context, epoch: epoch, key: self.key)
    }

    @Test func `what was sealed is opened, also nothing and much`() throws {
        for payload in [[], [0], self.payload, [UInt8](repeating: 7, count: 1 << 20)] {
            let envelope = try self.sealed(payload)
            #expect(try Envelope.open(envelope, for: self.context, key: self.key) == payload)
            #expect(try Envelope.epoch(of: envelope) == "000001")
        }
    }

    @Test func `the payload is not in the envelope, and no two envelopes are alike`() throws {
        let (one, other) = (try self.sealed(), try self.sealed())
        #expect(one.firstRange(of: self.payload) == nil)
        #expect(one != other)
    }

    @Test func `an envelope cut short, or with more behind it, is not authentic`() throws {
        let envelope = try self.sealed()
        for count in envelope.indices { self.expectRefusal(Array(envelope[..<count])) }
        self.expectRefusal(envelope + [0])
        self.expectRefusal([0] + envelope)
    }

    @Test func `an envelope with one changed byte is not authentic`() throws {
        let envelope = try self.sealed()
        for index in envelope.indices {
            for mask: UInt8 in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF] {
                var changed = envelope
                changed[index] ^= mask
                self.expectRefusal(changed)
            }
        }
    }

    @Test func `another context is not authentic`() throws {
        let envelope = try self.sealed()
        let transaction = self.context.transaction
        let others = [
            SealingContext(lane: .answer(.csn), transaction: transaction, question: 1),
            SealingContext(lane: .work(.af), transaction: transaction, question: 1),
            SealingContext(lane: .manifest, transaction: transaction, question: 1),
            SealingContext(lane: .work(.csn), transaction: TransactionID("t-2"), question: 1),
            SealingContext(lane: .work(.csn), transaction: TransactionID(""), question: 1),
            SealingContext(lane: .work(.csn), transaction: transaction, question: 0),
            SealingContext(lane: .work(.csn), transaction: transaction, question: 11),
            SealingContext(lane: .work(.csn), transaction: transaction, question: nil),
        ]
        for other in others {
            #expect(throws: SealingError.notAuthentic) { try Envelope.open(envelope, for: other, key: self.key) }
        }
    }

    @Test func `another epoch or another key is not authentic`() throws {
        var renamed = try self.sealed()
        renamed.replaceSubrange(5..<11, with: Array("000002".utf8))
        self.expectRefusal(renamed)
        #expect(throws: SealingError.notAuthentic) {
            try Envelope.open(try self.sealed(), for: self.context, key: SymmetricKey(size: .bits256))
        }
    }

    @Test func `two parts of a context cannot be exchanged for one`() throws {
        // Without a mark between them, these would be bound to the same bytes.
        let one = SealingContext(lane: .reply, transaction: TransactionID("ab"), question: 1)
        let other = SealingContext(lane: .reply, transaction: TransactionID("a"), question: 1)
        let envelope = try Envelope.seal(self.payload, for: one, epoch: "000001", key: self.key)
        #expect(throws: SealingError.notAuthentic) { try Envelope.open(envelope, for: other, key: self.key) }
        let shifted = SealingContext(lane: .reply, transaction: TransactionID("a"), question: nil)
        let dashed = SealingContext(lane: .reply, transaction: TransactionID("a-"), question: nil)
        let plain = try Envelope.seal(self.payload, for: shifted, epoch: "000001", key: self.key)
        #expect(throws: SealingError.notAuthentic) { try Envelope.open(plain, for: dashed, key: self.key) }
    }

    @Test func `an error about an envelope says nothing of it`() throws {
        for error in [
            SealingError.notAuthentic, .unknownEpoch(lane: "reply"), .malformedKey(lane: "reply", epoch: "000001"),
            .keyringUnusable(path: "/keys", errno: 13),
        ] {
            #expect(!"\(error)".contains("199001019802"))
            #expect("\(error)".hasPrefix("sealing: "))
        }
    }

    private func expectRefusal(_ envelope: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(throws: SealingError.notAuthentic, sourceLocation: sourceLocation) {
            try Envelope.open(envelope, for: self.context, key: self.key)
        }
    }
}
