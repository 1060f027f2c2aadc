import Providers
import Testing

/// Every event in every state, and random sequences of events.
@Suite struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private static var configuration: BreakerConfiguration {
        var configuration = BreakerConfiguration()
        configuration.failures = 4
        configuration.share = 50
        configuration.window = .seconds(10)
        configuration.openFor = .seconds(5)
        configuration.probes = 2
        return configuration
    }

    private func breaker(_ state: CircuitBreaker.State) throws -> CircuitBreaker {
        var breaker = CircuitBreaker(Self.configuration)
        guard state != .closed else { return breaker }
        for _ in 0..<4 { try self.ask(&breaker, .failed, at: self.start) }
        guard state != .open else { return breaker }
        _ = try self.ticket(&breaker, at: self.start + .seconds(5))
        return breaker
    }

    private struct HeldBack: Error {}

    private func ticket(
        _ breaker: inout CircuitBreaker, at now: ContinuousClock.Instant
    ) throws -> CircuitBreaker.Ticket {
        guard let ticket = breaker.ask(at: now) else { throw HeldBack() }
        return ticket
    }

    private func ask(
        _ breaker: inout CircuitBreaker, _ result: CircuitBreaker.Result, at now: ContinuousClock.Instant
    ) throws {
        let ticket = try self.ticket(&breaker, at: now)
        breaker.ended(ticket, result, at: now)
    }

    @Test func `closed, it opens at the number of failures and not before`() throws {
        var breaker = try self.breaker(.closed)
        for _ in 0..<3 { try self.ask(&breaker, .failed, at: self.start) }
        #expect(breaker.state == .closed)
        try self.ask(&breaker, .failed, at: self.start)
        #expect(breaker.state == .open)
    }

    @Test func `closed, failures that are a small part of all do not open it`() throws {
        var breaker = try self.breaker(.closed)
        for _ in 0..<100 {
            try self.ask(&breaker, .answered, at: self.start)
            try self.ask(&breaker, .answered, at: self.start)
            try self.ask(&breaker, .failed, at: self.start)
        }
        #expect(breaker.state == .closed)
    }

    @Test func `closed, failures beyond the window are forgotten`() throws {
        var breaker = try self.breaker(.closed)
        for second in 0..<100 {
            // Three within any ten seconds.
            if second % 4 == 0 { try self.ask(&breaker, .failed, at: self.start + .seconds(second)) }
        }
        #expect(breaker.state == .closed)
    }

    @Test func `closed, what cannot be decided counts neither way`() throws {
        var breaker = try self.breaker(.closed)
        for _ in 0..<100 { try self.ask(&breaker, .undecided, at: self.start) }
        for _ in 0..<4 { try self.ask(&breaker, .failed, at: self.start) }
        #expect(breaker.state == .open)
    }

    @Test func `open, nobody is asked until the time is over, and then one probe is`() throws {
        var breaker = try self.breaker(.open)
        #expect(breaker.ask(at: self.start) == nil)
        #expect(breaker.ask(at: self.start + .milliseconds(4_999)) == nil)
        #expect(breaker.state == .open)
        #expect(breaker.ask(at: self.start + .seconds(5)) != nil)
        #expect(breaker.state == .halfOpen)
    }

    @Test(arguments: CircuitBreaker.Result.allCases)
    func `open, questions of before change nothing`(_ result: CircuitBreaker.Result) throws {
        var breaker = CircuitBreaker(Self.configuration)
        let early = try self.ticket(&breaker, at: self.start)
        for _ in 0..<4 { try self.ask(&breaker, .failed, at: self.start) }
        breaker.ended(early, result, at: self.start + .seconds(4))
        #expect(breaker.state == .open)
        #expect(breaker.ask(at: self.start + .seconds(5)) != nil, "the time to wait has not begun anew")
    }

    @Test(arguments: CircuitBreaker.Result.allCases)
    func `half-open, questions of before change nothing`(_ result: CircuitBreaker.Result) throws {
        var breaker = CircuitBreaker(Self.configuration)
        let early = try self.ticket(&breaker, at: self.start)
        for _ in 0..<4 { try self.ask(&breaker, .failed, at: self.start) }
        _ = try self.ticket(&breaker, at: self.start + .seconds(5))
        breaker.ended(early, result, at: self.start + .seconds(6))
        #expect(breaker.state == .halfOpen)
        #expect(breaker.ask(at: self.start + .seconds(6)) != nil)
        #expect(breaker.ask(at: self.start + .seconds(6)) == nil)
    }

    @Test func `half-open, only the probes are let through`() throws {
        var breaker = try self.breaker(.halfOpen)
        #expect(breaker.ask(at: self.start + .seconds(6)) != nil)
        #expect(breaker.ask(at: self.start + .seconds(600)) == nil)
    }

    @Test func `half-open, it closes when every probe was answered, with a clean slate`() throws {
        var breaker = try self.breaker(.open)
        let now = self.start + .seconds(5)
        try self.ask(&breaker, .answered, at: now)
        #expect(breaker.state == .halfOpen)
        try self.ask(&breaker, .answered, at: now)
        #expect(breaker.state == .closed)
        for _ in 0..<3 { try self.ask(&breaker, .failed, at: now) }
        #expect(breaker.state == .closed)
    }

    @Test func `half-open, one failed probe opens it again for the whole time`() throws {
        var breaker = try self.breaker(.open)
        let now = self.start + .seconds(5)
        try self.ask(&breaker, .answered, at: now)
        try self.ask(&breaker, .failed, at: now)
        #expect(breaker.state == .open)
        #expect(breaker.ask(at: now + .milliseconds(4_999)) == nil)
        #expect(breaker.ask(at: now + .seconds(5)) != nil)
    }

    @Test func `half-open, a probe that decides nothing makes room for another`() throws {
        var breaker = try self.breaker(.open)
        for _ in 0..<50 { try self.ask(&breaker, .undecided, at: self.start + .seconds(5)) }
        #expect(breaker.state == .halfOpen)
        try self.ask(&breaker, .answered, at: self.start + .seconds(5))
        try self.ask(&breaker, .answered, at: self.start + .seconds(5))
        #expect(breaker.state == .closed)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `whatever happens, an open one asks nobody, and a half-open one no more than its probes`(_ block: UInt64) {
        for seed in block * 100..<(block + 1) * 100 {
            var random = SystemSeed(seed)
            var breaker = CircuitBreaker(Self.configuration)
            var now = self.start
            var running: [(CircuitBreaker.Ticket, CircuitBreaker.State)] = []
            var opened = now
            for _ in 0..<400 {
                let before = breaker.state
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<5:
                    if let ticket = breaker.ask(at: now) {
                        running.append((ticket, breaker.state))
                        if before == .open { #expect(now - opened >= .seconds(5), "seed \(seed)") }
                    } else {
                        #expect(before != .closed, "seed \(seed)")
                    }
                case 5..<9:
                    guard let index = running.indices.randomElement(using: &random) else { continue }
                    let result = CircuitBreaker.Result.allCases.randomElement(using: &random) ?? .failed
                    breaker.ended(running.remove(at: index).0, result, at: now)
                default:
                    now += .milliseconds(Int.random(in: 0...3_000, using: &random))
                }
                if breaker.state != before {
                    if breaker.state == .open { opened = now }
                    // Tickets of another state are void.
                    running = running.filter { $0.1 == breaker.state && $0.1 != .closed }
                }
                if breaker.state == .halfOpen {
                    #expect(running.count { $0.1 == .halfOpen } <= 2, "seed \(seed)")
                }
            }
            // It never stays shut for good.
            now += .seconds(5)
            for (ticket, _) in running { breaker.ended(ticket, .undecided, at: now) }
            while breaker.state != .closed {
                guard let ticket = breaker.ask(at: now) else {
                    #expect(Bool(false), "seed \(seed): nobody is asked any more")
                    break
                }
                breaker.ended(ticket, .answered, at: now)
            }
        }
    }
}

/// The same seed, the same sequence.
struct SystemSeed: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { self.state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
