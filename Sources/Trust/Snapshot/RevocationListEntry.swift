/// One revocation list that a role decides with, as `status` shows it and as its stages are watched.
package struct RevocationListEntry: Hashable, Sendable {
    /// Subject of the issuer, RFC 4514.
    package let issuer: String
    /// Below the set's folder; nil for one that was fetched.
    package let file: String?
    /// Names issuer and scope: newer lists have the same.
    package let slot: String
    package let isDelta: Bool
    /// Seconds since 1970 (UTC).
    package let thisUpdate: Int64
    package let nextUpdate: Int64?

    package func stage(at instant: Int64, policy: TrustPolicy) -> RevocationStage {
        .stage(
            nextUpdate: self.nextUpdate, at: instant - policy.clockSkewAllowance, grace: policy.revocationGrace)
    }
}

extension RevocationListEntry {
    init(_ list: RevocationList, file: String?) {
        self.init(
            issuer: list.issuer, file: file,
            slot: hexadecimal(Certificate.fingerprint(der: list.issuerBytes)).prefix(16) + "-" + list.scope,
            isDelta: list.isDelta, thisUpdate: list.thisUpdate ?? 0, nextUpdate: list.nextUpdate)
    }

    /// Of several lists with the same issuer and scope the newest, in the order of the issuers.
    static func newest(_ entries: [Self]) -> [Self] {
        let newest = Dictionary(entries.map { ($0.slot, $0) }) { $0.thisUpdate < $1.thisUpdate ? $1 : $0 }
        return newest.values.sorted { ($0.issuer, $0.slot) < ($1.issuer, $1.slot) }
    }
}
