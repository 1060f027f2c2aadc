import Gateway
import GatewayFixtures
import SHS
import Testing

/// What happens again and again is said at once and then counted.
@Suite struct OccurrenceTallyTests {
    private let start = ManifestFixture.start
    private let minute = Duration.seconds(60)

    private func refusal(_ party: Int = 1, _ reason: String = "bad-request") -> RecordOccurrence {
        .turnedAway(reason: reason, Asker(party: "\(party)"))
    }

    private func tally(_ maximumAskers: Int = 10) -> OccurrenceTally {
        OccurrenceTally(interval: self.minute, maximumAskers: maximumAskers)
    }

    @Test func `the first is said at once, the others with their number after the interval`() {
        var tally = self.tally()
        #expect(tally.happened(self.refusal(), at: self.start) == self.refusal())
        for second in 1...5 {
            #expect(tally.happened(self.refusal(), at: self.start + .seconds(second)) == nil)
        }
        #expect(tally.due(at: self.start + .seconds(59)).isEmpty)
        let due = tally.due(at: self.start + self.minute)
        #expect(due.map(\.occurrence) == [self.refusal()] && due.map(\.count) == [5])
        // Another interval begins with what was said.
        #expect(tally.happened(self.refusal(), at: self.start + .seconds(61)) == nil)
        #expect(tally.due(at: self.start + .seconds(119)).isEmpty)
        #expect(tally.due(at: self.start + .seconds(120)).map(\.count) == [1])
        // After a quiet one it is the first again.
        #expect(tally.due(at: self.start + .seconds(180)).isEmpty)
        #expect(tally.happened(self.refusal(), at: self.start + .seconds(181)) == self.refusal())
    }

    @Test func `reasons and clients are counted apart`() {
        var tally = self.tally()
        for occurrence in [self.refusal(1), self.refusal(2), self.refusal(1, "not-found")] {
            #expect(tally.happened(occurrence, at: self.start) == occurrence)
        }
        #expect(tally.happened(.deviation(.brokerLost, reason: nil), at: self.start) != nil)
    }

    @Test func `more clients than are told apart are counted together, for each reason`() {
        var tally = self.tally(2)
        let anybody = RecordOccurrence.turnedAway(reason: "bad-request", Asker())
        #expect(tally.happened(self.refusal(1), at: self.start) == self.refusal(1))
        #expect(tally.happened(self.refusal(2), at: self.start) == self.refusal(2))
        #expect(tally.happened(self.refusal(3), at: self.start) == anybody)
        for party in 4...1_000 { #expect(tally.happened(self.refusal(party), at: self.start) == nil) }
        #expect(tally.happened(self.refusal(1), at: self.start) == nil)
        let due = tally.due(at: self.start + self.minute)
        #expect(Set(due.map(\.occurrence)) == [anybody, self.refusal(1)])
        #expect(due.map(\.count).sorted() == [1, 997])
        // Those that were quiet have left room.
        #expect(tally.due(at: self.start + self.minute * 2).isEmpty)
        #expect(tally.happened(self.refusal(5), at: self.start + self.minute * 2) == self.refusal(5))
    }

    @Test func `nothing goes unsaid at the end, or when the clock is set back`() {
        var tally = self.tally()
        for _ in 1...3 { _ = tally.happened(self.refusal(), at: self.start) }
        #expect(tally.due(at: self.start - .seconds(1)).map(\.count) == [2])
        _ = tally.happened(self.refusal(), at: self.start)
        #expect(tally.due(at: self.start, isLast: true).map(\.count) == [1])
    }

    @Test func `of random floods every one is said, at most once an interval`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        var tally = self.tally(3)
        var now = self.start
        var said: [RecordOccurrence: [(at: Timestamp, count: Int)]] = [:]
        for _ in 1...5_000 {
            let occurrence = self.refusal(Int.random(in: 1...6, using: &random))
            if let first = tally.happened(occurrence, at: now) { said[first, default: []].append((now, 1)) }
            now = now + .milliseconds(Int.random(in: 0...200, using: &random))
            for (occurrence, count) in tally.due(at: now) { said[occurrence, default: []].append((now, count)) }
        }
        for (occurrence, count) in tally.due(at: now, isLast: true) {
            said[occurrence, default: []].append((now, count))
        }
        #expect(said.values.flatMap { $0.map(\.count) }.reduce(0, +) == 5_000, "seed \(seed)")
        for entries in said.values {
            for (one, next) in zip(entries.dropLast(), entries.dropLast().dropFirst()) {
                #expect(next.at.since(one.at) >= self.minute, "seed \(seed)")
            }
        }
    }
}
