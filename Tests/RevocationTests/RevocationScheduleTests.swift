import Revocation
import Testing

/// The schedule as a machine: every event in every state, then random sequences.
struct RevocationScheduleTests {
    private static let configuration: RevocationConfiguration = {
        var configuration = RevocationConfiguration()
        configuration.jitterShare = 0
        configuration.concurrentFetches = 2
        return configuration
    }()
    private static let start: Int64 = 1_000_000
    private static let outcomes: [RevocationSchedule.Outcome] = [
        .polled, .failed, .valid(from: start, until: start + 3_600_000), .valid(from: start, until: nil),
        .valid(from: .min, until: .max), .valid(from: start, until: start - 1), .valid(from: .max - 1, until: .max),
    ]

    /// The states that a source can be in.
    private enum State: CaseIterable { case unknown, due, waiting, running, abandoned, takenUpAgain }

    private func machine(in state: State) throws -> (RevocationSchedule, RevocationSchedule.Attempt?) {
        var machine = RevocationSchedule(Self.configuration, seed: 1)
        if state == .unknown { return (machine, nil) }
        machine.sourcesChanged(["a"], at: Self.start)
        if state == .due { return (machine, nil) }
        let attempt = try #require(machine.timePassed(to: Self.start).first)
        switch state {
        case .waiting: machine.attemptEnded(attempt, .polled, at: Self.start)
        case .abandoned: machine.sourcesChanged([], at: Self.start)
        case .takenUpAgain:
            machine.sourcesChanged([], at: Self.start)
            machine.sourcesChanged(["a"], at: Self.start)
        case .unknown, .due, .running: break
        }
        return (machine, attempt)
    }

    @Test func `a wanted source is fetched once at a time, from whatever state it was in`() throws {
        let expected: [State: (running: Int, starts: Int)] = [
            .unknown: (0, 1), .due: (0, 1), .waiting: (0, 0), .running: (1, 0), .abandoned: (1, 0),
            .takenUpAgain: (1, 0),
        ]
        for state in State.allCases {
            var (machine, _) = try self.machine(in: state)
            machine.sourcesChanged(["a"], at: Self.start)
            let want = try #require(expected[state])
            #expect(machine.runningCount == want.running, "\(state)")
            #expect(machine.timePassed(to: Self.start).count == want.starts, "\(state)")
        }
    }

    @Test func `a source that nobody wants is not started in any state`() throws {
        for state in State.allCases {
            var (machine, _) = try self.machine(in: state)
            machine.sourcesChanged([], at: Self.start)
            #expect(machine.timePassed(to: Self.start + 10_000_000).isEmpty, "\(state)")
            #expect(machine.due("a") == nil)
        }
    }

    @Test func `the end of an attempt counts only for the attempt that runs`() throws {
        for state in State.allCases {
            for outcome in Self.outcomes {
                var (machine, attempt) = try self.machine(in: state)
                let running = machine.runningCount
                let due = machine.due("a")
                // An attempt that never was.
                var other = RevocationSchedule(Self.configuration, seed: 2)
                other.sourcesChanged(["a", "b"], at: 0)
                let strangers = other.timePassed(to: 0).filter { $0 != attempt }
                for stranger in strangers { machine.attemptEnded(stranger, outcome, at: Self.start) }
                #expect(machine.runningCount == running && machine.due("a") == due, "\(state) \(outcome)")
                guard let attempt else { continue }
                machine.attemptEnded(attempt, outcome, at: Self.start)
                #expect(machine.runningCount == 0, "\(state) \(outcome)")
                // A second end of the same attempt changes nothing.
                let after = machine.due("a")
                machine.attemptEnded(attempt, .failed, at: Self.start + 5)
                #expect(machine.due("a") == after, "\(state) \(outcome)")
            }
        }
    }

    @Test func `lists are polled, costly ones at half of their validity, answers for as long as they are valid`() throws
    {
        func due(after outcome: RevocationSchedule.Outcome) throws -> Int64 {
            var (machine, attempt) = try self.machine(in: .running)
            machine.attemptEnded(try #require(attempt), outcome, at: Self.start)
            return try #require(machine.due("a")) - Self.start
        }
        #expect(try due(after: .polled) == 30_000)
        #expect(try due(after: .valid(from: Self.start, until: Self.start + 600_000)) == 300_000)
        // Half of it has passed already: not more often than a poll.
        #expect(try due(after: .valid(from: Self.start - 600_000, until: Self.start + 10_000)) == 30_000)
        #expect(try due(after: .valid(from: Self.start, until: Self.start + 86_400_000)) == 600_000)
        #expect(try due(after: .valid(from: Self.start, until: nil)) == 600_000)
        #expect(try due(after: .valid(from: .min, until: .max)) <= 600_000)
        // A revocation shows in a new answer only, so days of validity do not matter.
        #expect(try due(after: .answered(until: Self.start + 86_400_000)) == 30_000)
        #expect(try due(after: .answered(until: Self.start + 20_000)) == 10_000)
        #expect(try due(after: .answered(until: Self.start - 20_000)) == 1_000)
        #expect(try due(after: .answered(until: .max)) == 30_000)
        #expect(try due(after: .answered(until: .min)) == 1_000)
        #expect(try due(after: .valid(from: .max - 1, until: .max)) <= 600_000)
    }

    @Test func `failures are repeated ever more slowly, up to a minute, and forgotten after a success`() throws {
        var machine = RevocationSchedule(Self.configuration, seed: 1)
        machine.sourcesChanged(["a"], at: 0)
        var now: Int64 = 0
        var pauses: [Int64] = []
        for _ in 0..<70 {
            let attempt = try #require(machine.timePassed(to: now).first)
            machine.attemptEnded(attempt, .failed, at: now)
            let due = try #require(machine.due("a"))
            pauses.append(due - now)
            now = due
        }
        #expect(pauses.prefix(6) == [5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
        #expect(pauses.dropFirst(6).allSatisfy { $0 == 60_000 })
        machine.attemptEnded(try #require(machine.timePassed(to: now).first), .polled, at: now)
        now += 30_000
        machine.attemptEnded(try #require(machine.timePassed(to: now).first), .failed, at: now)
        #expect(machine.due("a") == now + 5_000)
    }

    @Test func `a clock that is set back puts nothing off for longer than the longest interval`() throws {
        var (machine, _) = try self.machine(in: .waiting)
        let back = Self.start - 365 * 86_400_000
        #expect(machine.timePassed(to: back).isEmpty)
        #expect(machine.due("a") == back + 600_000)
        #expect(machine.timePassed(to: back + 600_000).count == 1)
    }

    @Test func `jitter only ever makes a fetch earlier`() throws {
        var configuration = Self.configuration
        configuration.jitterShare = 0.1
        var seen: Set<Int64> = []
        for seed in UInt64(0)..<100 {
            var machine = RevocationSchedule(configuration, seed: seed)
            machine.sourcesChanged(["a"], at: 0)
            machine.attemptEnded(try #require(machine.timePassed(to: 0).first), .polled, at: 0)
            let due = try #require(machine.due("a"))
            #expect((27_000...30_000).contains(due))
            seen.insert(due)
        }
        #expect(seen.count > 50)
    }

    @Test(arguments: UInt64(0)..<150)
    func `in random sequences nothing runs twice, nothing is forgotten and the limit holds`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var configuration = RevocationConfiguration()
        configuration.concurrentFetches = Int.random(in: 1...4, using: &random)
        var machine = RevocationSchedule(configuration, seed: seed)
        var wanted: Set<String> = []
        var running: Set<RevocationSchedule.Attempt> = []
        var now = Self.start
        for _ in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                wanted = Set(["a", "b", "c", "d", "e"].filter { _ in Bool.random(using: &random) })
                machine.sourcesChanged(wanted, at: now)
            case 1...5:
                now += Int64.random(in: -100_000...200_000, using: &random)
                for attempt in machine.timePassed(to: now) {
                    #expect(wanted.contains(attempt.source))
                    #expect(!running.contains { $0.source == attempt.source })
                    running.insert(attempt)
                }
            default:
                guard let attempt = running.randomElement(using: &random) else { continue }
                running.remove(attempt)
                machine.attemptEnded(attempt, Self.outcomes.randomElement(using: &random) ?? .failed, at: now)
            }
            #expect(machine.runningCount == running.count)
            #expect(running.count <= configuration.concurrentFetches)
            for source in wanted where !running.contains(where: { $0.source == source }) {
                #expect(machine.due(source) != nil)
            }
        }
        // When everything ends, everything wanted comes up within the longest interval.
        for attempt in running { machine.attemptEnded(attempt, .failed, at: now) }
        var seen: Set<String> = []
        _ = machine.timePassed(to: now).map {
            machine.attemptEnded($0, .failed, at: now)
            seen.insert($0.source)
        }
        let later = now + configuration.longestInterval.milliseconds
        for _ in wanted {
            for attempt in machine.timePassed(to: later) {
                seen.insert(attempt.source)
                machine.attemptEnded(attempt, .valid(from: later, until: nil), at: later)
            }
        }
        #expect(seen == wanted)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { self.components.seconds * 1_000 }
}

/// A random generator with a seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return self.state ^ (self.state >> 29)
    }
}
