/// An SHS message: a label and the data parts that it lists.
package struct Message: Sendable, Equatable {
    package var label: Label
    package var parts: [DataPart]
    /// How many parts follow that the label does not list.
    ///
    /// They are checked like the others, and not read.
    package private(set) var unlistedPartCount = 0

    package init(label: Label, parts: [DataPart]) {
        self.label = label
        self.parts = parts
    }

    /// Reads an entity with its MIME headers inside, as a signature covers it.
    ///
    /// A signature anywhere inside is ``Fault/signatureNested``: only the one around everything counts.
    package static func read(
        _ entity: ArraySlice<UInt8>, limits: MessageLimits = MessageLimits()
    ) throws(Fault) -> Message {
        let outer = try MIMEPart.read(entity, limits: limits)
        let parts = try NestedSignatures.partsWithoutSignatures(of: outer, limits)
        let label = try Self.label(parts[0], limits)
        guard label.messageType == .simple, label.documentType == .simple, case .data(let entries) = label.content.kind
        else { throw .compoundNotSupported }
        guard !entries.isEmpty, parts.count > entries.count else { throw .datapartMissing }
        var message = Message(label: label, parts: [])
        for (entry, part) in zip(entries, parts.dropFirst()) {
            message.parts.append(try DataPart(entry: entry, reading: part))
        }
        message.unlistedPartCount = parts.count - 1 - entries.count
        return message
    }

    /// The same for an array.
    package static func read(_ entity: [UInt8], limits: MessageLimits = MessageLimits()) throws(Fault) -> Message {
        try self.read(entity[...], limits: limits)
    }

    private static func label(_ part: MIMEPart, _ limits: MessageLimits) throws(Fault) -> Label {
        guard part.mediaType == "text/xml" || part.mediaType == "application/xml" else { throw .labelNotFirst }
        guard part.body.count <= limits.maximumLabelBytes * 2 else { throw .labelMalformed }
        return try LabelReader.read(part.content(), limits: limits)
    }

    /// The entity as it is sent, CRLF throughout.
    ///
    /// The label's `content` is written from the parts. They become base64 unless they are multiparts, so that an
    /// S/MIME reader that changes line ends changes nothing. `boundary` must not occur in the label: take a random one.
    package func serialized(boundary text: String) throws(Fault) -> [UInt8] {
        let boundary = try MIMEBoundary(text)
        var label = self.label
        label.content.kind = .data(
            self.parts.map { part in
                var entry = part.entry
                entry.byteCount = part.content.isEmpty ? nil : part.content.count
                return entry
            })
        var writer = MIMEWriter(capacity: 2048 + self.parts.reduce(0) { $0 + $1.content.count * 7 / 5 + 300 })
        writer.header("Subject", "SHS Message")
        writer.header("MIME-Version", "1.0")
        writer.header("Content-Transfer-Encoding", "binary")
        writer.header("Content-Type", "multipart/mixed; \(MIMEWriter.parameter("boundary", text))")
        writer.endHeaders()
        writer.delimiter(boundary, first: true)
        writer.header("Content-Type", "text/xml; charset=ISO-8859-1")
        writer.header("Content-Transfer-Encoding", "binary")
        writer.endHeaders()
        writer.raw(LabelWriter.write(label))
        for part in self.parts {
            writer.delimiter(boundary)
            Self.write(part, to: &writer)
        }
        writer.closeDelimiter(boundary)
        return writer.bytes
    }

    private static func write(_ part: DataPart, to writer: inout MIMEWriter) {
        let filename = part.entry.filename.map { "; " + MIMEWriter.parameter("filename", $0) } ?? ""
        // RFC 2045, section 6.4: composite types may not be encoded.
        let isComposite = ["multipart/", "message/"].contains { part.contentType.lowercased().hasPrefix($0) }
        let encoding: TransferEncoding = isComposite ? .binary : .base64
        writer.header("Content-Type", part.contentType)
        writer.header("Content-Transfer-Encoding", encoding.rawValue)
        writer.header("Content-Disposition", "attachment" + filename)
        writer.endHeaders()
        writer.raw(isComposite ? part.content : Base64.encodeLines(part.content))
    }
}
