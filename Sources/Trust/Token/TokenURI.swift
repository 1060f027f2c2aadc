/// Which private key of which token (RFC 7512); printed without where its PIN comes from.
package struct TokenURI: Hashable, Sendable, CustomStringConvertible {
    /// What the token says about itself; absent is anything.
    let token: [UInt8]?
    let manufacturer: [UInt8]?
    let model: [UInt8]?
    let serial: [UInt8]?
    /// The key's label.
    let object: [UInt8]?
    /// The key's identifier (CKA_ID).
    let id: [UInt8]?
    /// From `pin-source`: a file that holds the PIN.
    let pinFile: String?

    package init(_ text: String) throws(TokenError) {
        let scheme = "pkcs11:"
        guard text.utf8.count <= 4_096, text.lowercased().hasPrefix(scheme) else { throw TokenError(.uriUnreadable) }
        let halves = text.utf8.dropFirst(scheme.utf8.count).split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let query = try Self.attributes(halves.count > 1 ? halves[1] : nil, separator: UInt8(ascii: "&"))
        // First, so that a URI with a PIN is always refused for that.
        if query["pin-value"] != nil { throw TokenError(.pinInURI) }
        if query["module-path"] != nil || query["module-name"] != nil { throw TokenError(.moduleInURI) }
        let path = try Self.attributes(halves[0], separator: UInt8(ascii: ";"))
        let known: Set = ["token", "manufacturer", "model", "serial", "object", "id", "type"]
        guard known.isSuperset(of: path.keys), query.keys.allSatisfy({ $0 == "pin-source" }),
            path["type"].map({ $0 == Array("private".utf8) }) ?? true,
            path["token"] ?? path["serial"] != nil, path["object"] ?? path["id"] != nil
        else { throw TokenError(.uriUnreadable) }
        self.token = path["token"]
        self.manufacturer = path["manufacturer"]
        self.model = path["model"]
        self.serial = path["serial"]
        self.object = path["object"]
        self.id = path["id"]
        self.pinFile = try query["pin-source"].map(Self.file(_:))
    }

    /// An absolute path, with or without `file:`; a program to run (`|…`, RFC 7512 §2.4) is refused.
    private static func file(_ value: [UInt8]) throws(TokenError) -> String {
        var path = String(decoding: value, as: UTF8.self)
        if path.hasPrefix("file:") { path.removeFirst(5) }
        if path.hasPrefix("///") { path.removeFirst(2) }
        guard path.hasPrefix("/"), !path.utf8.contains(0) else { throw TokenError(.uriUnreadable) }
        return path
    }

    private static func attributes(
        _ text: Substring.UTF8View.SubSequence?, separator: UInt8
    ) throws(TokenError) -> [String: [UInt8]] {
        var attributes: [String: [UInt8]] = [:]
        for item in text?.split(separator: separator) ?? [] {
            let pair = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let value = Self.decoded(pair[1]),
                attributes.updateValue(value, forKey: String(decoding: pair[0], as: UTF8.self)) == nil
            else { throw TokenError(.uriUnreadable) }
        }
        return attributes
    }

    /// Percent-encoded bytes; nil when they are not.
    private static func decoded(_ text: Substring.UTF8View.SubSequence) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16),
                digits.first != UInt8(ascii: "+")
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    package var description: String {
        let attributes = [
            ("token", self.token), ("manufacturer", self.manufacturer), ("model", self.model), ("serial", self.serial),
            ("object", self.object), ("id", self.id),
        ]
        return "pkcs11:"
            + attributes.compactMap { name, value in value.map { "\(name)=\(Self.encoded($0))" } }
            .joined(separator: ";")
    }

    private static func encoded(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default: "%" + hexadecimal([byte])
            }
        }.joined()
    }
}
