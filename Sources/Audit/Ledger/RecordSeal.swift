/// The summary of a file that nobody appends to any more.
package struct RecordSeal: Equatable, Sendable {
    package let file: String
    package let entries: Int
    /// The last entry's hash, hexadecimal.
    package let head: String
    /// Bytes of whole lines.
    package let bytes: Int
    /// Made when the file was found closed: its process had been killed, or could not sign.
    package let bySuccessor: Bool
    /// Bytes of a last line that was cut short, as by a loss of power, and taken away before sealing.
    package let torn: Int
    /// Entries that the file's head counted and that were not there.
    package let missing: Int

    init(
        file: String, entries: Int, head: String, bytes: Int, bySuccessor: Bool = false, torn: Int = 0,
        missing: Int = 0
    ) {
        self.file = file
        self.entries = entries
        self.head = head
        self.bytes = bytes
        self.bySuccessor = bySuccessor
        self.torn = torn
        self.missing = missing
    }
}
