/// When a process loads its set of certificates again, and what it says about the result.
///
/// A pure machine: the shell tells it what it sees, loads when told to, and tells what came of it.
package struct ReloadState: Sendable {
    /// Seconds after which a refused set is tried again.
    package static let retryPause: Int64 = 10

    private var seen: TrustObservation
    /// The moment at which another own credential is to be used, seconds since 1970.
    private var nextChange: Int64?
    private var refusal: (problems: [String], retryAt: Int64)?

    /// - Parameters:
    ///   - seen: what was there before the set in force was loaded.
    ///   - nextChange: of the set in force.
    package init(seen: TrustObservation, nextChange: Int64?) {
        self.seen = seen
        self.nextChange = nextChange
    }

    /// Why the set is to be loaded now; nothing when it is not.
    package mutating func observed(_ now: TrustObservation, at instant: Int64) -> Set<ReloadTrigger> {
        var triggers: Set<ReloadTrigger> = []
        if now.link != self.seen.link {
            triggers.insert(.set)
        } else if now.manifest != self.seen.manifest {
            triggers.insert(.manifest)
        }
        // The file may be gone again: only one that is there asks for something.
        if now.request != self.seen.request, now.request != nil { triggers.insert(.request) }
        if now.hangUps != self.seen.hangUps { triggers.insert(.signal) }
        if now.revocation != self.seen.revocation { triggers.insert(.revocation) }
        if let nextChange, nextChange <= instant { triggers.insert(.credential) }
        if let refusal, refusal.retryAt <= instant { triggers.insert(.retry) }
        self.seen = now
        return triggers
    }

    /// A set was taken into use.
    package mutating func accepted(nextChange: Int64?) {
        self.nextChange = nextChange
        self.refusal = nil
    }

    /// The set was refused and the old one stays; true when that is news.
    ///
    /// The same problems are told once, and again only when somebody asked.
    package mutating func refused(
        because problems: [String], triggers: Set<ReloadTrigger>, nextChange: Int64?, at instant: Int64
    ) -> Bool {
        let isKnown = self.refusal?.problems == problems
        let isAsked = !triggers.isDisjoint(with: [.request, .signal, .set, .manifest])
        self.refusal = (problems, instant + Self.retryPause)
        self.nextChange = nextChange
        return !isKnown || isAsked
    }
}
