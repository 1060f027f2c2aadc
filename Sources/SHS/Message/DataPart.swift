/// One data part of a message, decoded, with what the label says about it.
package struct DataPart: Sendable, Equatable {
    package var entry: DataEntry
    /// The value of Content-Type with its parameters.
    package var contentType: String
    /// How it was read; what is written is decided anew.
    package var transferEncoding: TransferEncoding
    /// The file name that the part itself carries, which may differ from the label's.
    package var filename: String?
    /// The content without transfer encoding, byte for byte.
    package var content: [UInt8]

    /// A part to be sent.
    package init(entry: DataEntry, contentType: String, content: [UInt8]) {
        self.entry = entry
        self.contentType = contentType
        self.transferEncoding = .base64
        self.filename = entry.filename
        self.content = content
    }

    init(entry: DataEntry, reading part: MIMEPart) throws(Fault) {
        self.entry = entry
        self.contentType = part.headers.value("content-type").map { ASCII.text($0) } ?? part.mediaType
        self.transferEncoding = part.transferEncoding
        self.filename = part.filename
        self.content = try part.content()
    }
}
