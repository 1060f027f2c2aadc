import GatewayFixtures
import Testing

@testable import Gateway

@Suite struct AdaptiveBoundTests {
    private let start = ManifestFixture.start

    private func bound(least: Int = 100, most: Int = 1_000) -> AdaptiveBound {
        AdaptiveBound(least: least, most: most, period: .seconds(10))
    }

    @Test func `it begins with the most`() {
        #expect(self.bound().value == 1_000)
    }

    @Test func `what comes in time does not raise it above the most`() {
        var bound = self.bound()
        for _ in 0..<100 { bound.cameInTime(10, inFlight: 1_000, at: self.start) }
        #expect(bound.value == 1_000)
    }

    @Test func `what comes late lowers it to what was answered in time, and a quarter less`() {
        var bound = self.bound()
        bound.cameInTime(400, inFlight: 900, at: self.start)
        let isLower = bound.cameLate(inFlight: 900, at: self.start + .seconds(9))
        #expect(isLower)
        #expect(bound.value == 300)
    }

    @Test func `what was answered in the period before counts too`() {
        var bound = self.bound()
        bound.cameInTime(400, inFlight: 900, at: self.start)
        let isLower = bound.cameLate(inFlight: 900, at: self.start + .seconds(15))
        #expect(isLower)
        #expect(bound.value == 300)
        // And two periods before does not.
        var old = self.bound()
        old.cameInTime(400, inFlight: 900, at: self.start)
        let isOldLower = old.cameLate(inFlight: 900, at: self.start + .seconds(25))
        #expect(isOldLower)
        #expect(old.value == 100)
    }

    @Test func `it is lowered once in a period, since the rest was let in before`() {
        var bound = self.bound()
        bound.cameInTime(400, inFlight: 900, at: self.start)
        let first = bound.cameLate(inFlight: 900, at: self.start)
        #expect(first)
        let second = bound.cameLate(inFlight: 800, at: self.start + .milliseconds(9_999))
        #expect(!second)
        #expect(bound.value == 300)
        let third = bound.cameLate(inFlight: 300, at: self.start + .seconds(10))
        #expect(third)
        #expect(bound.value == 225)
    }

    @Test func `it is raised by an eighth of what comes in time, and only where it holds others back`() {
        var bound = self.bound()
        let isLower = bound.cameLate(inFlight: 900, at: self.start)
        #expect(isLower)
        #expect(bound.value == 100)
        bound.cameInTime(80, inFlight: 49, at: self.start)
        #expect(bound.value == 100)
        bound.cameInTime(80, inFlight: 50, at: self.start)
        #expect(bound.value == 110)
    }

    @Test func `what comes late while few are in flight says nothing about how many may be`() {
        var bound = self.bound()
        let isLower = bound.cameLate(inFlight: 100, at: self.start)
        #expect(!isLower)
        #expect(bound.value == 1_000)
    }

    @Test func `the same least and most fix it`() {
        var bound = self.bound(least: 1_000)
        let isLower = bound.cameLate(inFlight: 1_000, at: self.start)
        #expect(!isLower)
        #expect(bound.value == 1_000)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `whatever happens, also to the clock, it stays between the least and the most`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bound = self.bound()
        var now = self.start
        for _ in 0..<500 {
            let inFlight = Int.random(in: 0...1_200, using: &random)
            if random.oneIn(3) {
                let before = bound.value
                let isLower = bound.cameLate(inFlight: inFlight, at: now)
                #expect(isLower ? bound.value < before : bound.value == before)
            } else {
                bound.cameInTime(Int.random(in: 1...10, using: &random), inFlight: inFlight, at: now)
            }
            #expect((100...1_000).contains(bound.value))
            now = now + .milliseconds(Int.random(in: -2_000...5_000, using: &random))
        }
    }

    /// A system that answers 20 questions a second, each after those that came before it; whoever is answered after seven
    /// seconds is answered too late.
    private func answeredInTime(of demand: Int, least: Int) -> Int {
        var bound = self.bound(least: least)
        var (queue, inTime): ([Timestamp], Int) = ([], 0)
        for second in 0..<600 {
            let now = self.start + .seconds(second)
            for _ in 0..<demand where queue.count < bound.value { queue.append(now) }
            for _ in 0..<min(20, queue.count) {
                let waited = now.since(queue.removeFirst())
                if waited < .seconds(7) {
                    bound.cameInTime(1, inFlight: queue.count + 1, at: now)
                    inTime += second >= 60 ? 1 : 0
                } else {
                    _ = bound.cameLate(inFlight: queue.count + 1, at: now)
                }
            }
        }
        return inTime
    }

    @Test
    func `under three times the load it keeps most of what can be answered in time, where a fixed bound keeps none`() {
        let possible = 540 * 20
        #expect(self.answeredInTime(of: 60, least: 1_000) < possible / 10)
        #expect(self.answeredInTime(of: 60, least: 20) > possible * 2 / 3)
    }
}
