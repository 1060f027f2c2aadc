extension TrustSnapshot {
    /// The same set with the revocation lists that are in a folder now, in the place of the fetched ones that it has.
    ///
    /// What a process does with a new list while the set on disk cannot be taken into use.
    package func withRevocation(folder: String, at instant: Int64) throws(TrustError) -> TrustSnapshot {
        try self.withRevocation(lists: FetchedLists(folder: folder).lists, at: instant)
    }
}
