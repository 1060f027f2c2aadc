/// Which correlate queue holds a transaction: a stable hash of sender and tx.id.
///
/// The same transfer sent twice lands on the same shard, whichever ingress takes it, so that one correlator sees both.
package enum Shard {
    package static func index(sender: String, txID: String, of count: Int) -> Int {
        var bytes = Array(sender.utf8)
        bytes.append(0)
        bytes.append(contentsOf: txID.utf8)
        // FNV's low bits mix worst; fold the high half in before taking the remainder.
        let value = ContentDigest(of: bytes).value
        return Int((value ^ (value >> 32)) % UInt64(count))
    }
}
