/// How a message that the correlator held came to its end: each is counted under its own name.
package enum Ending: String, CaseIterable, Sendable {
    /// Replied with every section answered.
    case complete
    /// Replied at the deadline; the silent providers' sections say `SSBT-1`.
    case partial
    /// Replied, but the waiting ingress is gone.
    case unreachable
    /// The manifest came so late that nobody can be waiting.
    case abandoned
    /// A manifest that repeats an open transfer: its sender gets the same reply.
    case joined
    /// The same manifest twice, as after a publish whose confirmation was lost.
    case duplicateManifest = "duplicate-manifest"
    /// An answer after the reply.
    case late
    /// A transaction's second answer for one section, as after a worker that died between publishing and acknowledging.
    case duplicate
    /// An answer for a section that the manifest does not name.
    case unexpected
    /// An answer whose manifest never came.
    case orphan
    /// Neither readable with any key nor in any known form.
    case poison

    /// Whether it is the end of a transaction, and not of a message that none had use for.
    package var isReplied: Bool {
        switch self {
        case .complete, .partial, .unreachable: true
        case .abandoned, .joined, .duplicateManifest, .late, .duplicate, .unexpected, .orphan, .poison: false
        }
    }
}
