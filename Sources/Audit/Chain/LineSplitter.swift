/// The lines of a file of the record, without their ends, and what stands after the last one's end.
struct SplitLines {
    let lines: [ArraySlice<UInt8>]
    /// A line that has no end: its writing was cut short.
    let torn: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        self.torn = lines.removeLast()
        self.lines = lines
    }

    /// Bytes of the lines with their ends.
    var wholeBytes: Int { self.torn.startIndex }
}
