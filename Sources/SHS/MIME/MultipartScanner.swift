/// Finds the parts of a multipart body on bytes (RFC 2046, section 5.1.1).
///
/// A delimiter is a line of `--boundary`, with `--` after it when it is the last, and blanks. The line end before it,
/// CRLF or LF, belongs to it. Where readers differ, the whole is refused as ``Fault/brokenMIME``: a line that only
/// starts like a delimiter (the RFC calls that one, most programs do not), a delimiter after the last, a part of less
/// than nothing.
enum MultipartScanner {
    static func split(
        _ body: ArraySlice<UInt8>, at boundary: MIMEBoundary, _ limits: MessageLimits
    ) throws(Fault) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var partStart: Int?
        var isClosed = false
        var position = body.startIndex
        while let line = Self.nextDelimiter(in: body, from: position, boundary.bytes) {
            let (end, isLast) = try Self.endOfDelimiter(in: body, from: line + 2 + boundary.bytes.count)
            guard !isClosed else { throw .brokenMIME }
            if let partStart {
                guard line > partStart else { throw .brokenMIME }
                guard parts.count < limits.maximumParts else { throw .tooManyParts }
                let hasReturn = line - 2 >= partStart && body[line - 2] == ASCII.carriageReturn
                parts.append(body[partStart..<(hasReturn ? line - 2 : line - 1)])
            }
            isClosed = isLast
            partStart = end
            position = end
        }
        guard isClosed, !parts.isEmpty else { throw .brokenMIME }
        return parts
    }

    /// The next index at the start of a line where `--boundary` stands.
    private static func nextDelimiter(in body: ArraySlice<UInt8>, from start: Int, _ boundary: [UInt8]) -> Int? {
        var line = start
        while line < body.endIndex {
            if body[line] == ASCII.hyphen, Self.matches(body, at: line, boundary) { return line }
            guard let lineFeed = body[line...].firstIndex(of: ASCII.lineFeed) else { return nil }
            line = lineFeed + 1
        }
        return nil
    }

    private static func matches(_ body: ArraySlice<UInt8>, at line: Int, _ boundary: [UInt8]) -> Bool {
        let start = line + 2
        guard start + boundary.count <= body.endIndex, body[line + 1] == ASCII.hyphen else { return false }
        for offset in boundary.indices where body[start + offset] != boundary[offset] { return false }
        return true
    }

    /// What follows the boundary on its line: the index of the next line, and whether it is the last delimiter.
    private static func endOfDelimiter(
        in body: ArraySlice<UInt8>, from start: Int
    ) throws(Fault) -> (end: Int, isLast: Bool) {
        var rest = body[start...]
        let isLast = rest.count >= 2 && rest[start] == ASCII.hyphen && rest[start + 1] == ASCII.hyphen
        if isLast { rest = rest.dropFirst(2) }
        rest = rest.drop(while: ASCII.isBlank)
        if rest.first == ASCII.carriageReturn, rest.count >= 2 { rest = rest.dropFirst() }
        if rest.first == ASCII.lineFeed { return (rest.startIndex + 1, isLast) }
        guard isLast, rest.isEmpty else { throw .brokenMIME }
        return (rest.startIndex, isLast)
    }
}
