/// Decides what is fetched when: a value that knows neither clock nor network.
///
/// Times are milliseconds of one clock. The clock may jump: nothing is ever put off for longer than the longest
/// interval.
package struct RevocationSchedule: Sendable {
    /// One attempt to fetch a source.
    package struct Attempt: Hashable, Sendable {
        package let source: String
        package let number: Int
    }

    /// How an attempt ended.
    package enum Outcome: Hashable, Sendable {
        /// There is a costly list whose validity is known, in milliseconds.
        case valid(from: Int64, until: Int64?)
        /// There is an answer about a certificate, until then.
        case answered(until: Int64)
        /// There is one that is asked for again at every poll.
        case polled
        case failed
    }

    private struct Entry {
        var due: Int64
        var failures = 0
        var running: Int?
    }

    private let configuration: RevocationConfiguration
    private var entries: [String: Entry] = [:]
    /// Attempts for sources that nobody wants any more; they still take a place among those that run.
    private var abandoned: [String: Int] = [:]
    private var lastNumber = 0
    private var random: SplitMix64

    package init(_ configuration: RevocationConfiguration, seed: UInt64) {
        self.configuration = configuration
        self.random = SplitMix64(state: seed)
    }

    /// How many attempts run now.
    package var runningCount: Int { self.entries.values.count { $0.running != nil } + self.abandoned.count }

    /// The sources that are wanted; new ones are due at once.
    package mutating func sourcesChanged(_ wanted: Set<String>, at now: Int64) {
        for (source, entry) in self.entries where !wanted.contains(source) {
            if let running = entry.running { self.abandoned[source] = running }
            self.entries[source] = nil
        }
        for source in wanted where self.entries[source] == nil {
            // One that comes back while its last attempt still runs takes that up again.
            self.entries[source] = Entry(due: now, running: self.abandoned.removeValue(forKey: source))
        }
    }

    /// Returns what is to be started now; each of them has to end some time.
    package mutating func timePassed(to now: Int64) -> [Attempt] {
        let latest = now + self.configuration.longestInterval.milliseconds
        var due: [(source: String, at: Int64)] = []
        for (source, entry) in self.entries where entry.running == nil {
            if entry.due > latest { self.entries[source]?.due = latest }
            if entry.due <= now { due.append((source, entry.due)) }
        }
        let free = max(0, self.configuration.concurrentFetches - self.runningCount)
        return due.sorted { ($0.at, $0.source) < ($1.at, $1.source) }.prefix(free).map { next in
            self.lastNumber += 1
            self.entries[next.source]?.running = self.lastNumber
            return Attempt(source: next.source, number: self.lastNumber)
        }
    }

    /// An attempt ended; one that is not known any more changes nothing.
    package mutating func attemptEnded(_ attempt: Attempt, _ outcome: Outcome, at now: Int64) {
        if self.abandoned[attempt.source] == attempt.number {
            self.abandoned[attempt.source] = nil
            return
        }
        guard var entry = self.entries[attempt.source], entry.running == attempt.number else { return }
        entry.running = nil
        entry.failures = outcome == .failed ? entry.failures + 1 : 0
        entry.due = now + self.jittered(self.pause(after: outcome, failures: entry.failures, at: now))
        self.entries[attempt.source] = entry
    }

    /// When a source is due; nil when it is not known or runs.
    package func due(_ source: String) -> Int64? {
        self.entries[source].flatMap { $0.running == nil ? $0.due : nil }
    }

    private func pause(after outcome: Outcome, failures: Int, at now: Int64) -> Int64 {
        let poll = self.configuration.pollInterval.milliseconds
        let longest = self.configuration.longestInterval.milliseconds
        switch outcome {
        case .polled: return min(poll, longest)
        case .answered(let end):
            let half = Double(end) * self.configuration.refreshShare - Double(now) * self.configuration.refreshShare
            let answer = self.configuration.answerInterval.milliseconds
            return min(Int64(min(max(half, Double(min(poll, answer, 1_000))), Double(answer))), longest)
        case .failed:
            // Ten doublings are more than any configuration needs, and cannot overflow.
            let grown = self.configuration.firstRetry.milliseconds << Int64(min(failures - 1, 10))
            return min(max(grown, 1), self.configuration.longestRetry.milliseconds, longest)
        case .valid(let start, let end):
            guard let end, end > start else { return longest }
            // In floating point, since a validity may be anything.
            let moment = Double(start) + (Double(end) - Double(start)) * self.configuration.refreshShare
            return Int64(min(max(moment - Double(now), Double(min(poll, longest))), Double(longest)))
        }
    }

    private mutating func jittered(_ pause: Int64) -> Int64 {
        let width = Int64(Double(pause) * min(max(self.configuration.jitterShare, 0), 1))
        return max(1, pause - (width > 0 ? Int64.random(in: 0...width, using: &self.random) : 0))
    }
}

/// A small random generator with a seed (Steele, Lea, Flood 2014): jitter needs no secrecy, tests need repetition.
struct SplitMix64: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
