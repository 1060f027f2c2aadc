import AMQPTransport
import Testing

/// When epochs begin and end, at every moment that counts.
struct EpochScheduleTests {
    private let schedule = EpochSchedule(lifetime: .seconds(900), opensFor: .seconds(100))

    private func epoch(_ number: UInt64, made: Int, lifetime: Int = 900) -> Epoch {
        Epoch(number: number, made: .seconds(made), sealsUntil: .seconds(made + lifetime))
    }

    @Test func `a lane without epochs gets its first`() {
        #expect(self.schedule.plan([], at: .seconds(5)) == EpochPlan(sealing: nil, next: 1, destroyed: []))
    }

    @Test(arguments: [(1_000, false), (1_899, false), (1_900, true), (9_999_999, true)])
    func `the next epoch is due with the end of the newest`(now: Int, isDue: Bool) {
        let newest = self.epoch(7, made: 1_000)
        let plan = self.schedule.plan([newest], at: .seconds(now))
        // The only one is never destroyed: there is nothing else to seal with.
        #expect(plan == EpochPlan(sealing: newest, next: isDue ? 8 : nil, destroyed: []))
    }

    @Test(arguments: [(1_900, false), (1_999, false), (2_000, true), (2_001, true)])
    func `an epoch opens for as long as something of its last moment may be waited for`(now: Int, isOver: Bool) {
        let (old, new) = (self.epoch(1, made: 1_000), self.epoch(2, made: 1_900))
        #expect(self.schedule.plan([new, old], at: .seconds(now)).destroyed == (isOver ? [old] : []))
        #expect(self.schedule.plan([new, old], at: .seconds(now)).sealing == new)
    }

    @Test func `an epoch that was replaced early is kept until its own end, for a process that was stopped meanwhile`()
    {
        let (old, new) = (self.epoch(1, made: 1_000), self.epoch(2, made: 1_010))
        #expect(self.schedule.plan([old, new], at: .seconds(1_999)).destroyed == [])
        #expect(self.schedule.plan([old, new], at: .seconds(2_000)).destroyed == [old])
    }

    @Test func `an epoch that sealed past its end is kept from the moment it was replaced`() {
        let (old, new) = (self.epoch(1, made: 1_000), self.epoch(2, made: 5_000))
        #expect(self.schedule.plan([old, new], at: .seconds(5_099)).destroyed == [])
        #expect(self.schedule.plan([old, new], at: .seconds(5_100)).destroyed == [old])
    }

    @Test func `a lifetime that was made shorter counts for sealing at once, and for destruction not`() {
        let old = self.epoch(1, made: 1_000, lifetime: 3_600)
        #expect(self.schedule.plan([old], at: .seconds(1_900)).next == 2)
        let new = self.epoch(2, made: 1_900)
        // Another process may still run with the longer one.
        #expect(self.schedule.plan([old, new], at: .seconds(4_699)).destroyed == [])
        #expect(self.schedule.plan([old, new], at: .seconds(4_700)).destroyed == [old])
    }

    @Test func `several are destroyed at once after a pause, and the newest stays`() {
        let epochs = (1...5).map { self.epoch(UInt64($0), made: $0 * 900) }
        let plan = self.schedule.plan(epochs, at: .seconds(1_000_000))
        #expect(plan == EpochPlan(sealing: epochs[4], next: 6, destroyed: Array(epochs[..<4])))
    }

    @Test func `at any moment of any history what was sealed can be opened for long enough, and not for longer`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var epochs: [Epoch] = []
            var sealed: [UInt64: Duration] = [:]
            var now = Duration.seconds(1)
            for _ in 0..<100 {
                now += .seconds(Int.random(in: 0...400, using: &generator))
                var plan = self.schedule.plan(epochs, at: now)
                // Sometimes none can be made.
                if let next = plan.next, epochs.isEmpty || Int.random(in: 0..<5, using: &generator) > 0 {
                    epochs.append(Epoch(number: next, made: now, sealsUntil: now + self.schedule.lifetime))
                    plan = self.schedule.plan(epochs, at: now)
                }
                for gone in plan.destroyed {
                    #expect(now - (sealed[gone.number] ?? .zero) >= self.schedule.opensFor)
                }
                epochs.removeAll { plan.destroyed.contains($0) }
                if let sealing = plan.sealing { sealed[sealing.number] = now }
            }
            // A last one is made; then all others go within their time.
            let last = (epochs.map(\.number).max() ?? 0) + 1
            epochs.append(Epoch(number: last, made: now, sealsUntil: now + self.schedule.lifetime))
            let end = now + self.schedule.lifetime + self.schedule.opensFor
            #expect(self.schedule.plan(epochs, at: end).destroyed.count == epochs.count - 1)
        }
    }

    @Test func `the name of an epoch is ten digits`() {
        #expect(Epoch.name(1) == "0000000001")
        #expect(Epoch.number(ofName: "0000000042") == 42)
        for name in ["1", "00000000001", "000000000a", "-000000001", "０００", ""] {
            #expect(Epoch.number(ofName: name) == nil)
        }
    }
}
