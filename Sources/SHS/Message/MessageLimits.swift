/// What the structure of a message may cost; the size of the whole is limited where it is received.
package struct MessageLimits: Sendable, Equatable {
    /// The most parts in one message, nested ones and the label included.
    package var maximumParts: Int
    /// The largest header block of one part, in bytes.
    package var maximumHeaderBytes: Int
    /// The most header fields of one part.
    package var maximumHeaders: Int
    /// The largest label, decoded, in bytes.
    package var maximumLabelBytes: Int
    /// How deep multiparts may be nested; the message itself is level 1.
    package var maximumDepth: Int

    package init(
        maximumParts: Int = 32, maximumHeaderBytes: Int = 16 << 10, maximumHeaders: Int = 64,
        maximumLabelBytes: Int = 64 << 10, maximumDepth: Int = 4
    ) {
        self.maximumParts = maximumParts
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumHeaders = maximumHeaders
        self.maximumLabelBytes = maximumLabelBytes
        self.maximumDepth = maximumDepth
    }
}
