/// The question to Försäkringskassan in the form of its own service LEFI, as the asker wrote it.
package struct LEFIQuestion: Sendable, Equatable, Redacted {
    /// The version in LEFI's path when the asker names none.
    package static let defaultVersion = "v9"

    package let version: String
    /// Who asks, by the identifier that LEFI gave (`aktorsid`).
    package let actorID: String
    /// The JSON document, byte by byte; known to be an object about the right person.
    package let json: [UInt8]

    package init(version: String = Self.defaultVersion, actorID: String, json: [UInt8]) {
        self.version = version
        self.actorID = actorID
        self.json = json
    }
}
