/// The list of a set's files with their digests, made last: what shows that a set is complete.
///
/// A line is what `sha256sum` writes: the digest, two blanks, the path below the set. Lines that begin with `#` before
/// the first file say what this is.
struct SetManifest {
    static let name = "manifest"
    static let header = "# shs-gateway certificates 1"
    /// More files than this are no set of certificates.
    static let maximumFiles = 10_000

    /// SHA-256 in lower-case hexadecimal by path.
    let digests: [String: String]

    /// - Throws: The number of the first line that is not as it should be.
    init(_ bytes: [UInt8]) throws(TrustError) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.first.map({ $0.elementsEqual(Self.header.utf8) }) == true else { throw Self.malformed(1) }
        var digests: [String: String] = [:]
        for (index, line) in lines.enumerated().dropFirst() {
            // Nothing follows the last line end; a last line without one is half a line.
            if line.isEmpty && index == lines.count - 1 { break }
            guard index < lines.count - 1, digests.count < Self.maximumFiles, let (digest, path) = Self.entry(line),
                digests.updateValue(digest, forKey: path) == nil
            else { throw Self.malformed(index + 1) }
        }
        guard !digests.isEmpty, lines.last?.isEmpty == true else { throw Self.malformed(lines.count) }
        self.digests = digests
    }

    private static func malformed(_ line: Int) -> TrustError { TrustError(Self.name, .malformedManifest(line: line)) }

    private static func entry(_ line: ArraySlice<UInt8>) -> (digest: String, path: String)? {
        let digest = line.prefix(64)
        guard digest.count == 64, digest.allSatisfy(Self.isHexadecimal) else { return nil }
        let rest = line.dropFirst(64)
        guard rest.starts(with: "  ".utf8), let path = String(validating: rest.dropFirst(2), as: UTF8.self) else {
            return nil
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), path != Self.name else { return nil }
        return (String(decoding: digest, as: UTF8.self), path)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
