package import SSBTEK

/// The append-only record of who asked what and how it ended, as the stages see it.
///
/// The rule of every caller: an entry that says what has been given away is kept before it is given away. Whoever cannot
/// keep it gives nothing away.
package protocol RecordKeeping: Sendable {
    /// Whether the last entry could be kept; while it could not, new requests are refused.
    var isAvailable: Bool { get }

    /// Appends an entry; when it returns, the entry outlives the process.
    ///
    /// Blocks for as long as one write to a file takes.
    func keep(_ event: RecordEvent) throws(RecordUnavailable)

    /// Notes what may come in floods: an entry at once for the first, and one with their number for all further ones of an
    /// interval; see ``OccurrenceTally``.
    func count(_ occurrence: RecordOccurrence)
}

/// The record takes no entries now, as when its disk is full; nothing about the entry.
package struct RecordUnavailable: Error, Hashable, Sendable {
    package init() {}
}

/// Whom a question is about, in a form that tells nothing without the key and is the same for every question about one
/// person under the same key.
package protocol Pseudonymising: Sendable {
    /// The key's identifier, a colon, and the keyed digest.
    func pseudonym(of person: PersonIdentity) -> String
}

/// For compositions that keep no record: tests of other subjects, and simulations.
package struct NoRecord: RecordKeeping, Pseudonymising {
    package init() {}

    package var isAvailable: Bool { true }

    package func keep(_ event: RecordEvent) throws(RecordUnavailable) {}

    package func count(_ occurrence: RecordOccurrence) {}

    package func pseudonym(of person: PersonIdentity) -> String { "none" }
}
