import Testing

@testable import AMQP

@Suite struct ConfirmLedgerTests {
    typealias Ledger = ConfirmLedger<Int>

    private static func outcomes(
        _ body: (inout Ledger, inout [Ledger.Resolution]) -> Void
    ) -> (told: [Int: Ledger.Outcome], ledger: Ledger) {
        var ledger = Ledger()
        var resolutions: [Ledger.Resolution] = []
        body(&ledger, &resolutions)
        return (Dictionary(resolutions.map { ($0.waiter, $0.outcome) }) { _, _ in fatalError("told twice") }, ledger)
    }

    @Test func `numbers start at one and go up by one`() {
        var ledger = Ledger()
        #expect((10..<15).map { result(ledger.sent($0, deadline: .zero)) } == [1, 2, 3, 4, 5])
        #expect(ledger.waitingCount == 5)
    }

    @Test func `an ack tells the one it names`() {
        let (told, ledger) = Self.outcomes { ledger, resolutions in
            for waiter in 1...3 { _ = ledger.sent(waiter, deadline: .seconds(1)) }
            ledger.acknowledged(2, multiple: false, into: &resolutions)
        }
        #expect(told == [2: .confirmed])
        #expect(ledger.waitingCount == 2)
    }

    @Test func `an ack of several tells all up to its number`() {
        let (told, _) = Self.outcomes { ledger, resolutions in
            for waiter in 1...4 { _ = ledger.sent(waiter, deadline: .seconds(1)) }
            ledger.rejected(2, multiple: false, into: &resolutions)
            ledger.acknowledged(3, multiple: true, into: &resolutions)
        }
        #expect(told == [1: .confirmed, 2: .rejected, 3: .confirmed])
    }

    @Test func `an ack of several with number zero tells all`() {
        let (told, ledger) = Self.outcomes { ledger, resolutions in
            for waiter in 1...3 { _ = ledger.sent(waiter, deadline: .seconds(1)) }
            ledger.rejected(0, multiple: true, into: &resolutions)
        }
        #expect(told == [1: .rejected, 2: .rejected, 3: .rejected])
        #expect(ledger.waitingCount == 0)
    }

    @Test func `a returned message is told once and its ack is nobody's`() {
        let (told, ledger) = Self.outcomes { ledger, resolutions in
            _ = ledger.sent(1, deadline: .seconds(1))
            ledger.returned(1, replyCode: 312, into: &resolutions)
            ledger.acknowledged(1, multiple: false, into: &resolutions)
        }
        #expect(told == [1: .returned(replyCode: 312)])
        #expect(ledger.toldCount == 0)
        #expect(ledger.unexpectedAnswers == 0)
    }

    @Test func `time runs out in order and a late ack changes nothing`() {
        let (told, ledger) = Self.outcomes { ledger, resolutions in
            _ = ledger.sent(1, deadline: .seconds(1))
            _ = ledger.sent(2, deadline: .seconds(2))
            ledger.expire(at: .seconds(1), into: &resolutions)
            ledger.acknowledged(1, multiple: false, into: &resolutions)
        }
        #expect(told == [1: .timedOut])
        var rest = ledger
        #expect(result(rest.nextDeadline()) == .seconds(2))
    }

    @Test func `answers for what was never sent are counted and harmless`() {
        let (told, ledger) = Self.outcomes { ledger, resolutions in
            ledger.acknowledged(1, multiple: false, into: &resolutions)
            ledger.acknowledged(7, multiple: true, into: &resolutions)
            ledger.returned(.max, replyCode: 312, into: &resolutions)
            ledger.rejected(0, multiple: false, into: &resolutions)
        }
        #expect(told.isEmpty)
        #expect(ledger.unexpectedAnswers == 4)
    }

    @Test func `after a loss numbers start at one again`() {
        var ledger = Ledger()
        var resolutions: [Ledger.Resolution] = []
        _ = ledger.sent(1, deadline: .seconds(1))
        ledger.lost(into: &resolutions)
        #expect(resolutions.map(\.outcome) == [.lost])
        #expect(result(ledger.sent(2, deadline: .seconds(1))) == 1)
    }

    /// What can happen, small enough to try every order of it.
    enum Event: CaseIterable {
        case send, ackFirst, ackSecond, ackSecondMultiple, ackAll, nackFirst, nackSecondMultiple
        case returnFirst, returnSecond, expire, lose
    }

    /// A ledger and what it has said so far; a value, so that every branch goes on from its own copy.
    struct World {
        var ledger = Ledger()
        var resolutions: [Ledger.Resolution] = []
        var sent = 0

        mutating func apply(_ event: Event) {
            // A second passes with each send, so `expire` finds everyone.
            let now = Duration.seconds(self.sent + 1)
            switch event {
            case .send:
                self.sent += 1
                _ = self.ledger.sent(self.sent, deadline: now)
            case .ackFirst: self.ledger.acknowledged(1, multiple: false, into: &self.resolutions)
            case .ackSecond: self.ledger.acknowledged(2, multiple: false, into: &self.resolutions)
            case .ackSecondMultiple: self.ledger.acknowledged(2, multiple: true, into: &self.resolutions)
            case .ackAll: self.ledger.acknowledged(0, multiple: true, into: &self.resolutions)
            case .nackFirst: self.ledger.rejected(1, multiple: false, into: &self.resolutions)
            case .nackSecondMultiple: self.ledger.rejected(2, multiple: true, into: &self.resolutions)
            case .returnFirst: self.ledger.returned(1, replyCode: 312, into: &self.resolutions)
            case .returnSecond: self.ledger.returned(2, replyCode: 312, into: &self.resolutions)
            case .expire: self.ledger.expire(at: now, into: &self.resolutions)
            case .lose: self.ledger.lost(into: &self.resolutions)
            }
        }

        /// Nobody waits who was told, nobody is told twice, and a loss leaves nobody waiting.
        var isSound: Bool {
            var rest = self
            rest.apply(.lose)
            return self.ledger.waitingCount == self.sent - self.resolutions.count
                && rest.resolutions.map(\.waiter).sorted() == (0..<self.sent).map { $0 + 1 }
        }
    }

    @Test func `every order of up to six events tells each waiter once`() {
        var count = 0
        func explore(_ world: World, _ events: [Event]) {
            count += 1
            if !world.isSound { Issue.record("\(events): \(world.resolutions)") }
            if events.count == 6 { return }
            for event in Event.allCases {
                var next = world
                next.apply(event)
                explore(next, events + [event])
            }
        }
        // Before the first send nothing can be told; other tests have that.
        var first = World()
        first.apply(.send)
        explore(first, [.send])
        #expect(count == 177_156)
    }

    @Test(arguments: 0..<40) func `random sequences agree with a simple model`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ledger = Ledger()
        var resolutions: [Ledger.Resolution] = []
        // The model: what the broker still owes, by number, and whether the waiter was told.
        var owed: [UInt64: (waiter: Int, isTold: Bool)] = [:]
        var expected: [Int: Ledger.Outcome] = [:]
        var next: UInt64 = 1
        var waiter = 0
        func answer(_ numbers: [UInt64], _ outcome: Ledger.Outcome) {
            for number in numbers {
                guard let entry = owed.removeValue(forKey: number) else { continue }
                if !entry.isTold { expected[entry.waiter] = outcome }
            }
        }
        for _ in 0..<3_000 {
            let number = UInt64.random(in: 0...next + 1, using: &generator)
            let covered = owed.keys.filter { number == 0 || $0 <= number }
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<60:
                waiter += 1
                #expect(result(ledger.sent(waiter, deadline: .seconds(Int64(waiter)))) == next)
                owed[next] = (waiter, false)
                next += 1
            case 60..<70:
                ledger.acknowledged(number, multiple: false, into: &resolutions)
                answer([number], .confirmed)
            case 70..<80:
                ledger.acknowledged(number, multiple: true, into: &resolutions)
                if number < next { answer(Array(covered), .confirmed) }
            case 80..<84:
                ledger.rejected(number, multiple: true, into: &resolutions)
                if number < next { answer(Array(covered), .rejected) }
            case 84..<90:
                ledger.returned(number, replyCode: 312, into: &resolutions)
                if let entry = owed[number], !entry.isTold {
                    owed[number]?.isTold = true
                    expected[entry.waiter] = .returned(replyCode: 312)
                }
            case 90..<99:
                let now = max(0, waiter - Int.random(in: 0..<20, using: &generator))
                ledger.expire(at: .seconds(Int64(now)), into: &resolutions)
                for (number, entry) in owed where !entry.isTold && entry.waiter <= now {
                    owed[number]?.isTold = true
                    expected[entry.waiter] = .timedOut
                }
            default:
                ledger.lost(into: &resolutions)
                for entry in owed.values where !entry.isTold { expected[entry.waiter] = .lost }
                owed = [:]
                next = 1
            }
            #expect(ledger.waitingCount == owed.values.count { !$0.isTold }, "seed \(seed)")
            #expect(ledger.toldCount == owed.values.count { $0.isTold }, "seed \(seed)")
        }
        #expect(resolutions.count == expected.count, "seed \(seed)")
        for resolution in resolutions { #expect(expected[resolution.waiter] == resolution.outcome, "seed \(seed)") }
    }
}
