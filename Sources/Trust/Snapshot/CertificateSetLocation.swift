internal import FoundationEssentials

/// The folder of one set: named itself, or found through the link `current` of the folder that holds all sets.
///
/// The link is followed once: whoever replaces it meanwhile does not mix two sets.
package struct CertificateSetLocation: Hashable, Sendable {
    /// The folder that holds the set's files, absolute unless the argument was not.
    package let path: String
    /// The folder's name as a number; 0 for a set that is named itself and has another name.
    package let number: Int

    /// - Parameter path: A folder with a `manifest`, or with a link `current` to a numbered folder beside it.
    package init(in path: String) throws(TrustError) {
        let files = FileManager.default
        if files.fileExists(atPath: "\(path)/\(SetManifest.name)") {
            self.path = path
            self.number = Self.number(ofFolder: (try? files.destinationOfSymbolicLink(atPath: path)) ?? path) ?? 0
            return
        }
        guard var target = try? files.destinationOfSymbolicLink(atPath: "\(path)/current") else {
            throw TrustError("current", files.fileExists(atPath: "\(path)/current") ? .noNumberedSet : .noSet)
        }
        // As shells complete the names of folders.
        if target.hasSuffix("/") { target.removeLast() }
        // A link to somewhere else would be a set that nobody sees in this folder.
        guard !target.contains("/"), let number = Self.number(ofFolder: target) else {
            throw TrustError("current", .noNumberedSet)
        }
        self.path = "\(path)/\(target)"
        self.number = number
    }

    private static func number(ofFolder path: String) -> Int? {
        guard let name = path.split(separator: "/").last, name.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(name)
    }
}
