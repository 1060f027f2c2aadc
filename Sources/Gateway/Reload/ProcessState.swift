/// What one process says about its certificates, in a file of its own: read by `status` and `certificates reload`.
///
/// Holds no secrets and nothing of any message.
package struct ProcessState: Codable, Hashable, Sendable {
    /// A set that was loaded, or not, after the start.
    package struct Reload: Codable, Hashable, Sendable {
        /// RFC 3339, UTC.
        package let at: String
        package let triggers: [ReloadTrigger]
        package let accepted: Bool
        /// Number of the set that was looked at, when it has one.
        package let set: Int?
        /// What is wrong with a set that was refused, one sentence each.
        package let problems: [String]

        package init(at: String, triggers: Set<ReloadTrigger>, accepted: Bool, set: Int?, problems: [String]) {
            self.at = at
            self.triggers = triggers.sorted { $0.rawValue < $1.rawValue }
            self.accepted = accepted
            self.set = set
            self.problems = problems
        }
    }

    package let role: String
    package let pid: Int32
    /// When the process began, in the kernel's ticks since the machine did: a pid may be given to another process.
    package let startTicks: UInt64
    /// Where that number counts; nil in a file that does not say so, and then nobody can tell whether the process lives.
    package let place: ProcessPlace?
    /// Number of the set in force.
    package var set: Int
    package var generation: Int
    /// Since when, RFC 3339, UTC.
    package var since: String
    /// What staff should look at in the set in force.
    package var warnings: [String]
    package var lastReload: Reload?
    /// The set on disk is not the one in force, for these reasons; nil when it is.
    package var lastRefusal: Reload?
    /// Own certificates whose keys in tokens cannot be used now, one sentence each; nil when all can.
    package var lostKeys: [String]?
    /// How current its revocation lists and OCSP answers are; nil in a process that judges nobody.
    package var revocation: RevocationStanding?
    /// Base services that it does not ask now, by abbreviation: `open` or `half-open`; nil when all are asked.
    package var heldBack: [String: String]?
    /// The last request that was answered: when the file that `certificates reload` touches was modified, nanoseconds.
    package var answeredRequest: Int64?

    package init(
        role: String, pid: Int32, startTicks: UInt64, place: ProcessPlace? = nil, set: Int, generation: Int,
        since: String, warnings: [String] = []
    ) {
        self.role = role
        self.pid = pid
        self.startTicks = startTicks
        self.place = place
        self.set = set
        self.generation = generation
        self.since = since
        self.warnings = warnings
    }

    /// The name of its file.
    package var fileName: String { "\(self.role)-\(self.pid)\(self.place.map { "-\($0.mark)" } ?? "").json" }

    package mutating func accepted(
        set: Int, generation: Int, warnings: [String], triggers: Set<ReloadTrigger>, at time: String
    ) {
        self.set = set
        self.generation = generation
        self.since = time
        self.warnings = warnings
        self.lastReload = Reload(at: time, triggers: triggers, accepted: true, set: set, problems: [])
        self.lastRefusal = nil
    }

    package mutating func refused(set: Int?, problems: [String], triggers: Set<ReloadTrigger>, at time: String) {
        let reload = Reload(at: time, triggers: triggers, accepted: false, set: set, problems: problems)
        self.lastReload = reload
        self.lastRefusal = reload
    }
}
