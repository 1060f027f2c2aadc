/// A party's right to ask, which grows with time up to its burst: one token is one question.
///
/// In whole thousandths, so that no rounding adds up. A message may cost more than there is, when at least one token is
/// there: the bucket then owes, and nothing is taken before it has recovered.
struct TokenBucket: Hashable, Sendable {
    /// Thousandths of a token; negative when it owes.
    private(set) var level: Int64
    private var at: Timestamp
    /// Longer than any bucket needs to become full, and short enough for every product of times and rates.
    private static let longestTime: Int64 = 86_400_000

    /// A full one.
    init(_ limit: PartyLimit, at now: Timestamp) {
        self.level = Int64(limit.burst) * 1_000
        self.at = now
    }

    /// Adds what time has brought; a clock that goes back brings nothing, and takes nothing.
    mutating func refill(_ limit: PartyLimit, at now: Timestamp) {
        let elapsed = max(0, min(now.milliseconds - self.at.milliseconds, Self.longestTime))
        self.at = now
        // A limit that was lowered holds at once.
        self.level = min(self.level + elapsed * Int64(limit.rate), Int64(limit.burst) * 1_000)
    }

    /// How long until a question may be asked; zero when it may be now.
    func wait(_ limit: PartyLimit) -> Duration {
        guard self.level < 1_000 else { return .zero }
        let missing = 1_000 - self.level
        return .milliseconds((missing + Int64(limit.rate) - 1) / Int64(limit.rate))
    }

    mutating func take(_ questions: Int) { self.level -= Int64(questions) * 1_000 }

    /// What was taken and not used after all.
    mutating func giveBack(_ questions: Int, _ limit: PartyLimit) {
        self.level = min(self.level + Int64(questions) * 1_000, Int64(limit.burst) * 1_000)
    }

    func isFull(_ limit: PartyLimit) -> Bool { self.level >= Int64(limit.burst) * 1_000 }
}
