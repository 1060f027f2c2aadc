/// The header fields of one MIME entity, unfolded (RFC 5322, section 2.2).
///
/// Tolerant of LF line ends and of raw ISO-8859-1 in values. Everything that two programs could read in two ways is
/// ``Fault/brokenMIME``: control characters, a line without colon, a blank before the colon, a folded line of blanks
/// only, and a `Content-…` or `MIME-Version` field given twice.
package struct MIMEHeaders: Sendable {
    /// In the order of the entity; names in lower case.
    package let fields: [(name: String, value: [UInt8])]

    /// The value of the first field with a name in lower case.
    package func value(_ name: String) -> [UInt8]? {
        self.fields.first { $0.name == name }?.value
    }

    /// Reads the header block at the start of an entity.
    ///
    /// `bodyStart` is the index after the empty line; nil when the bytes end before one.
    static func read(
        _ bytes: ArraySlice<UInt8>, _ limits: MessageLimits
    ) throws(Fault) -> (headers: MIMEHeaders, bodyStart: Int?) {
        var fields: [(name: String, value: [UInt8])] = []
        var position = bytes.startIndex
        var bodyStart: Int?
        while position < bytes.endIndex {
            guard position - bytes.startIndex <= limits.maximumHeaderBytes else { throw .brokenMIME }
            let window = bytes[position...].prefix(limits.maximumHeaderBytes + 1)
            let end = window.firstIndex(of: ASCII.lineFeed)
            guard end != nil || window.endIndex == bytes.endIndex else { throw .brokenMIME }
            var line = bytes[position..<(end ?? bytes.endIndex)]
            position = end.map { $0 + 1 } ?? bytes.endIndex
            if end != nil, line.last == ASCII.carriageReturn { line.removeLast() }
            if line.isEmpty {
                bodyStart = position
                break
            }
            try Self.append(line, to: &fields)
            guard fields.count <= limits.maximumHeaders else { throw .brokenMIME }
        }
        guard (bodyStart ?? position) - bytes.startIndex <= limits.maximumHeaderBytes else { throw .brokenMIME }
        try Self.refuseRepeated(fields)
        return (MIMEHeaders(fields: fields), bodyStart)
    }

    private static func append(
        _ line: ArraySlice<UInt8>, to fields: inout [(name: String, value: [UInt8])]
    ) throws(Fault) {
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == ASCII.tab }) else { throw .brokenMIME }
        if let first = line.first, ASCII.isBlank(first) {
            guard !fields.isEmpty, !line.allSatisfy(ASCII.isBlank) else { throw .brokenMIME }
            fields[fields.count - 1].value.append(contentsOf: line)
            return
        }
        guard let colon = line.firstIndex(of: ASCII.colon) else { throw .brokenMIME }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .brokenMIME }
        let text = String(decoding: name.map(ASCII.lowercased), as: UTF8.self)
        fields.append((text, Array(ASCII.trimmed(line[(colon + 1)...]))))
    }

    private static func refuseRepeated(_ fields: [(name: String, value: [UInt8])]) throws(Fault) {
        var seen: [String] = []
        for field in fields where field.name.hasPrefix("content-") || field.name == "mime-version" {
            guard !seen.contains(field.name) else { throw .brokenMIME }
            seen.append(field.name)
        }
    }
}
