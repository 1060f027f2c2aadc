import Gateway
import GatewayFixtures
import Testing

@Suite struct ShardTests {
    /// A shard that moved between two releases would split a transfer from its repeat.
    @Test(arguments: [
        ("2120002411", "0d0f6a3e-6c38-4c0a-9c5e-0c7e5b1f2a01", 4), ("2120002411", "tx-1", 4), ("", "", 3),
        ("5565317129", "tx-1", 6), ("21200024", "11tx-1", 3),
    ])
    func `known transfers stay on their shard`(_ sender: String, _ txID: String, _ expected: Int) {
        #expect(Shard.index(sender: sender, txID: txID, of: 8) == expected)
    }

    @Test(arguments: [2, 3, 8, 64])
    func `transfers are spread over all shards`(_ count: Int) {
        var random = SeededGenerator(seed: 7)
        var hits = [Int](repeating: 0, count: count)
        let perShard = 1_000
        for _ in 0..<count * perShard {
            hits[Shard.index(sender: "2120002411", txID: TransactionID(using: &random).text, of: count)] += 1
        }
        // Five standard deviations of a fair spread.
        for hit in hits { #expect(abs(hit - perShard) < 160, "\(hits)") }
    }

    @Test func `one shard takes everything`() {
        #expect(Shard.index(sender: "2120002411", txID: "tx-1", of: 1) == 0)
    }

    @Test func `the digest is FNV-1a`() {
        #expect(ContentDigest(of: [UInt8]()).value == 0xcbf2_9ce4_8422_2325)
        #expect(ContentDigest(of: Array("a".utf8)).value == 0xaf63_dc4c_8601_ec8c)
        #expect(ContentDigest(of: Array("foobar".utf8)).value == 0x8594_4171_f739_67e8)
    }
}
