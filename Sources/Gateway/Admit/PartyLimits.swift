/// What each party has used of its limit; plain values, so that every order of events can be tested.
///
/// Memory is bounded: a party that asks nothing and could ask its whole burst is forgotten.
struct PartyLimits: Sendable {
    enum Decision: Hashable, Sendable {
        case admitted
        /// Nil: when one of its own requests has ended, which nobody knows beforehand.
        case refused(retryAfter: Duration?)
    }

    private struct Usage {
        var bucket: TokenBucket
        var requests = 0
        /// Refusals that nobody has been told about.
        var refused = 0
        var limit: PartyLimit
    }

    private var usages: [String: Usage] = [:]
    /// Beyond so many, those that need not be remembered are forgotten; doubled while all of them must be.
    private var capacity = 1_024

    /// How many parties are remembered.
    var count: Int { self.usages.count }

    func requests(of party: String) -> Int { self.usages[party]?.requests ?? 0 }

    /// What ``admit(_:_:at:)`` would decide.
    mutating func decision(about party: String, _ limit: PartyLimit, at now: Timestamp) -> Decision {
        var usage = self.usage(of: party, limit, at: now)
        usage.bucket.refill(limit, at: now)
        let isKnown = self.usages[party] != nil
        if isKnown { self.usages[party] = usage }
        guard usage.requests < limit.concurrency else { return .refused(retryAfter: nil) }
        let wait = usage.bucket.wait(limit)
        return wait == .zero ? .admitted : .refused(retryAfter: wait)
    }

    /// Takes one question and one place, when there are any.
    mutating func admit(_ party: String, _ limit: PartyLimit, at now: Timestamp) -> Decision {
        let decision = self.decision(about: party, limit, at: now)
        var usage = self.usage(of: party, limit, at: now)
        switch decision {
        case .admitted:
            usage.bucket.take(1)
            usage.requests += 1
        case .refused:
            usage.refused += 1
        }
        self.usages[party] = usage
        self.forget(at: now)
        return decision
    }

    /// More questions of an admitted request.
    mutating func charge(_ questions: Int, to party: String) { self.usages[party]?.bucket.take(questions) }

    /// An admitted request turned out to be another's, or was not let through: it has cost nothing.
    mutating func giveBack(_ questions: Int, to party: String) {
        guard var usage = self.usages[party] else { return }
        usage.bucket.giveBack(questions, usage.limit)
        self.usages[party] = usage
    }

    /// An admitted request has ended.
    mutating func end(_ party: String) {
        guard let requests = self.usages[party]?.requests, requests > 0 else { return }
        self.usages[party]?.requests = requests - 1
    }

    /// How often each party has been refused since this was asked last.
    mutating func takeRefusals() -> [String: Int] {
        let refusals = self.usages.compactMapValues { $0.refused > 0 ? $0.refused : nil }
        for party in refusals.keys { self.usages[party]?.refused = 0 }
        return refusals
    }

    private func usage(of party: String, _ limit: PartyLimit, at now: Timestamp) -> Usage {
        var usage = self.usages[party] ?? Usage(bucket: TokenBucket(limit, at: now), limit: limit)
        usage.limit = limit
        return usage
    }

    private mutating func forget(at now: Timestamp) {
        guard self.usages.count > self.capacity else { return }
        self.usages = self.usages.filter { _, usage in
            var bucket = usage.bucket
            bucket.refill(usage.limit, at: now)
            return usage.requests > 0 || usage.refused > 0 || !bucket.isFull(usage.limit)
        }
        self.capacity = max(1_024, self.usages.count * 2)
    }
}
