extension TrustSnapshot {
    /// The same set with the revocation lists and OCSP answers that are in a folder now, in the place of those that it has.
    ///
    /// What a process does with a new list or answer: nothing else of the set is read again, and of the folder only what
    /// has changed. Works also while the set on disk cannot be taken into use.
    package func withRevocation(folder: String, at instant: Int64) throws(TrustError) -> TrustSnapshot {
        // A list of the set that has run out meanwhile does not undo the set.
        let lists = self.parts.lists(FetchedLists(folder: folder, previous: self.lists.fetched), at: instant)
        let answers = self.parts.answers(lists, previous: self.answers, at: instant)
        return try TrustSnapshot(self.parts, lists: lists, answers: answers, at: instant)
    }

    /// The same with lists and OCSP responses at hand; the set's own lists stay.
    ///
    /// - Parameters:
    ///   - lists: Those that are not signed by an authority of the set, weak or out of date are not used.
    ///   - responses: DER; those that are not to be believed are not used.
    package func withRevocation(
        lists fetched: [RevocationList], responses: [[UInt8]] = [], at instant: Int64
    ) throws(TrustError) -> TrustSnapshot {
        let lists = self.parts.lists(FetchedLists(fetched), at: instant)
        let answers = RevocationAnswers(
            responses: responses, authorities: self.parts.authorities.certificates(of: self.role.peers),
            lists: lists.lists, policy: self.policy, at: instant)
        return try TrustSnapshot(self.parts, lists: lists, answers: answers, at: instant)
    }

    /// Whether this one may refuse what another one has accepted, by lists or answers that the other did not have.
    ///
    /// A renewed answer that still says `good` is no reason for connections to be judged anew.
    package func revokesMore(than old: TrustSnapshot) -> Bool {
        Set(self.lists.lists.map(\.fingerprint)) != Set(old.lists.lists.map(\.fingerprint))
            || !self.answers.revoked.isSubset(of: old.answers.revoked)
    }

    /// The lists in force, one for each issuer and scope.
    package var revocationLists: [RevocationListEntry] { self.lists.entries }
}
