/// Quoted-printable (RFC 2045, section 6.7), read only.
enum QuotedPrintable {
    /// Nil when `=` is followed by neither two hexadecimal digits nor a line end.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while !rest.isEmpty {
            let line = rest.prefix { $0 != ASCII.lineFeed }
            rest = rest[line.endIndex...]
            let hasLineFeed = rest.popFirst() != nil
            let hasReturn = hasLineFeed && line.last == ASCII.carriageReturn
            // Rule 3: blanks at the end of a line were added on the way.
            var content = hasReturn ? line.dropLast() : line
            while let last = content.last, ASCII.isBlank(last) { content.removeLast() }
            let isSoft = content.last == ASCII.equals
            if isSoft { content.removeLast() }
            guard !isSoft || hasLineFeed, Self.decode(content, into: &result) else { return nil }
            if hasLineFeed, !isSoft {
                if hasReturn { result.append(ASCII.carriageReturn) }
                result.append(ASCII.lineFeed)
            }
        }
        return result
    }

    private static func decode(_ line: ArraySlice<UInt8>, into result: inout [UInt8]) -> Bool {
        var rest = line
        while let byte = rest.popFirst() {
            if byte != ASCII.equals {
                result.append(byte)
            } else if let high = rest.popFirst().flatMap(ASCII.hexadecimalValue),
                let low = rest.popFirst().flatMap(ASCII.hexadecimalValue)
            {
                result.append(high << 4 | low)
            } else {
                return false
            }
        }
        return true
    }
}
