/// What the log keeps of a decision about certificates or a signature: names of checks, and nothing of what was checked.
package struct VerdictSummary: Sendable, Hashable {
    /// Why it was refused, by the stable name of the reason; nil when it was accepted.
    package let reason: String?
    /// Names of the checks that refused it.
    package let failed: [String]
    /// Names of the checks that found something, where configuration says that a warning is enough.
    package let warned: [String]

    package init(reason: String?, failed: [String] = [], warned: [String] = []) {
        self.reason = reason
        self.failed = failed
        self.warned = warned
    }

    /// Whether there is anything to say about it.
    package var isNotable: Bool { self.reason != nil || !self.warned.isEmpty }
}
