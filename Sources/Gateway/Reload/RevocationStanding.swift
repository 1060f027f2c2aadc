/// How current what a process knows about revocation is: for `status`.
package struct RevocationStanding: Codable, Hashable, Sendable {
    /// One revocation list that it decides with.
    package struct List: Codable, Hashable, Sendable {
        /// Subject of the issuer, RFC 4514.
        package let issuer: String
        /// Names issuer and scope: a newer list has the same.
        package let slot: String
        /// Below the set's folder; nil for one that was fetched.
        package let file: String?
        package let isDelta: Bool
        /// `fresh`, `grace` or `stale`.
        package let stage: String
        /// RFC 3339, UTC; nil when it has none.
        package let nextUpdate: String?

        package init(issuer: String, slot: String, file: String?, isDelta: Bool, stage: String, nextUpdate: String?) {
            self.issuer = issuer
            self.slot = slot
            self.file = file
            self.isDelta = isDelta
            self.stage = stage
            self.nextUpdate = nextUpdate
        }
    }

    package let lists: [List]
    /// How many OCSP answers are in which stage.
    package let answers: [String: Int]

    package init(lists: [List], answers: [String: Int]) {
        self.lists = lists
        self.answers = answers
    }

    /// Lists whose stage is not what it was, and those that are no longer there.
    package func changes(since old: RevocationStanding?) -> (changed: [List], gone: [List]) {
        let before = Dictionary((old?.lists ?? []).map { ($0.slot, $0) }) { $1 }
        let slots = Set(self.lists.map(\.slot))
        return (
            self.lists.filter { before[$0.slot]?.stage != $0.stage },
            before.values.filter { !slots.contains($0.slot) }.sorted { $0.slot < $1.slot }
        )
    }
}
