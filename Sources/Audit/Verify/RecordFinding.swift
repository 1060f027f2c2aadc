/// Something in the record that is not as this node has written it.
package struct RecordFinding: Codable, Hashable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable {
        /// A line's bytes are others than those its hash, or the next line's, was made over.
        case changed
        /// Lines are missing between others.
        case removed
        /// Lines are there, and not in their order.
        case reordered
        /// A line stands there more than once.
        case repeated
        /// Lines are missing at the end.
        case cut
        /// Lines were added at the end.
        case appended
        /// A seal, or the note of a removal, was not signed by anybody who may.
        case forgedSeal = "forged-seal"
        /// A seal without signature: no key was there.
        case unsignedSeal = "unsigned-seal"
        /// A file that the ledger names is gone.
        case missingFile = "missing-file"
        /// A file that the ledger does not name.
        case unknownFile = "unknown-file"
        /// A file that nobody appends to any more and nobody has sealed for long.
        case unsealed
        /// Entries that were not yet synchronised are gone, as after a loss of power.
        case lost
        case unreadable
    }

    package let kind: Kind
    package let role: String
    /// Below the role's folder.
    package let file: String
    /// From 1; nil when it is about the file as a whole.
    package let line: Int?
    package let text: String
}

/// What `audit verify` found.
package struct RecordReport: Codable, Sendable {
    /// Sorted by role, file and line.
    package var findings: [RecordFinding] = []
    /// What staff may want to know: nothing of it is wrong.
    package var remarks: [String] = []
    package var roles: [String] = []
    package var files = 0
    package var entries = 0
    package var seals = 0
    /// Files that were removed when their time was over.
    package var removed = 0

    package var isSound: Bool { self.findings.isEmpty }
}
