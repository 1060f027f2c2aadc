import Gateway

/// One line of a file of the record: a JSON object whose first members are number and moment, and whose last ones are
/// the hash over all before them and the line before, and, in a ledger, the signature over that hash.
struct ChainLine {
    private static let hashName = Array(#","hash":""#.utf8)
    private static let signatureName = Array(#","signature":""#.utf8)
    private static let numberName = Array(#"{"n":"#.utf8)

    /// From 1, without gaps.
    let number: Int
    /// Everything up to the member `hash`.
    let body: ArraySlice<UInt8>
    let hash: ChainHash
    /// Base64.
    let signature: ArraySlice<UInt8>?

    /// Reads a line without its end; nil for what is none.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: Self.numberName), line.last == UInt8(ascii: "}"),
            let name = Self.range(of: Self.hashName, in: line)
        else { return nil }
        let digits = line.dropFirst(Self.numberName.count).prefix { (0x30...0x39).contains($0) }
        let text = line[name.upperBound...].prefix(64)
        guard !digits.isEmpty, digits.count <= 15, let number = Int(String(decoding: digits, as: UTF8.self)),
            let hash = ChainHash(hexadecimal: text)
        else { return nil }
        let rest = line[text.endIndex...]
        switch rest.count {
        case 2:
            guard rest.elementsEqual(#""}"#.utf8) else { return nil }
            self.signature = nil
        default:
            guard rest.first == UInt8(ascii: "\""), rest.dropFirst().starts(with: Self.signatureName),
                rest.suffix(2).elementsEqual(#""}"#.utf8)
            else { return nil }
            let signature = rest.dropFirst(1 + Self.signatureName.count).dropLast(2)
            guard signature.allSatisfy(Self.isBase64) else { return nil }
            self.signature = signature
        }
        self.number = number
        self.body = line[..<name.lowerBound]
        self.hash = hash
    }

    /// Makes a line with its end, and its hash.
    static func make(
        _ number: Int, at moment: Timestamp, members: JSONObject, after previous: ChainHash
    ) -> (bytes: [UInt8], hash: ChainHash) {
        let (line, hash) = Self.unsigned(number, at: moment, members: members, after: previous)
        return (line + Self.end, hash)
    }

    /// The same with a signature over its hash, base64, when there is one.
    static func make(
        _ number: Int, at moment: Timestamp, members: JSONObject, after previous: ChainHash,
        signature: (ChainHash) throws -> String?
    ) rethrows -> (bytes: [UInt8], hash: ChainHash) {
        let (line, hash) = Self.unsigned(number, at: moment, members: members, after: previous)
        guard let signature = try signature(hash) else { return (line + Self.end, hash) }
        return (line + [UInt8(ascii: "\"")] + Self.signatureName + Array(signature.utf8) + Self.end, hash)
    }

    private static let end = Array("\"}\n".utf8)

    private static func unsigned(
        _ number: Int, at moment: Timestamp, members: JSONObject, after previous: ChainHash
    ) -> (bytes: [UInt8], hash: ChainHash) {
        var head = JSONObject()
        head.number("n", Int64(number))
        head.string("at", moment.text)
        var line = head.open
        line.append(UInt8(ascii: ","))
        line.append(contentsOf: members.open.dropFirst())
        let hash = ChainHash(after: previous, body: line[...])
        line.append(contentsOf: Self.hashName)
        line.append(contentsOf: hash.hexadecimal)
        return (line, hash)
    }

    /// The last place of `name`; a sender's text cannot hold it, since its quotes are escaped.
    private static func range(of name: [UInt8], in line: ArraySlice<UInt8>) -> Range<Int>? {
        var start = line.endIndex - name.count
        while start >= line.startIndex {
            if line[start] == name[0] && line[start..<start + name.count].elementsEqual(name) {
                return start..<start + name.count
            }
            start -= 1
        }
        return nil
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }
}
