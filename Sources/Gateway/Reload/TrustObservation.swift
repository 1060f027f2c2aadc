/// What a file looked like at one moment: enough to see that it is another one, or written anew.
package struct FileMark: Hashable, Sendable {
    /// Nanoseconds since 1970.
    package let modified: Int64
    package let size: Int64
    package let inode: UInt64

    package init(modified: Int64, size: Int64, inode: UInt64) {
        self.modified = modified
        self.size = size
        self.inode = inode
    }
}

/// Everything that can make a process look at its certificates again, as it is at one moment.
package struct TrustObservation: Hashable, Sendable {
    /// Where the link `current` leads.
    package var link: String?
    /// The manifest of that set.
    package var manifest: FileMark?
    /// The file that `certificates reload` touches.
    package var request: FileMark?
    /// Revocation lists that were fetched, by the name of the file.
    package var revocation: [String: FileMark] = [:]
    /// How many SIGHUPs there have been.
    package var hangUps = 0

    package init() {}
}

/// What made a process look at its certificates.
package enum ReloadTrigger: String, CaseIterable, Codable, Sendable {
    /// `current` leads to another set.
    case set
    /// The manifest of the set was written anew.
    case manifest
    /// `certificates reload`.
    case request
    /// SIGHUP.
    case signal
    /// A revocation list was fetched.
    case revocation
    /// Another of the set's own credentials is to be used from now on.
    case credential
    /// A set that was refused is looked at once more: its faults may have been mended, or have passed with time.
    case retry
}
