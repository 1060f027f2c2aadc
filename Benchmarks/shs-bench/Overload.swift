import Foundation

/// What ten parties at ten times their limit do to one that keeps within its own.
///
/// Three phases, in several rounds, so that a drift of the machine meets all of them: the one alone; the ten exactly at their
/// limits, which is the load that the limits are made for; the ten at ten times that. The figure is how much the one's p99
/// grows from the second to the third: the same is accepted in both, so what grows is what refusing costs others.
struct Overload {
    /// Times its limit that each of the ten sends.
    static let factor = 10
    /// How much of its limit the one within uses, in hundredths: at all of it a jitter would be a refusal.
    static let share = 90
    /// By how much the one's p99 may grow, in hundredths.
    static let allowedGrowth = 20.0
    /// Milliseconds by which 99 of 100 requests of the others may be late: they are spread over seconds, so this changes little.
    static let allowedDelay = 250.0
    /// Before what counts: connections are made, and what parties have saved up for a burst is used.
    static let leadIn: Duration = .seconds(2)

    let one: PartyLoad
    let crowd: CrowdProcess
    /// How many parties that is.
    let size: Int
    let figures: ProcessFigures
    /// Questions a second that each of the ten may ask, and its burst.
    let limit: Int
    /// The same for the one.
    let ownLimit: Int
    /// Of one phase in one round, without what comes before it counts.
    let time: Duration
    let rounds: Int

    /// - Parameters:
    ///   - parties: how many there are in all.
    init(
        one: PartyLoad, parties: Int, figures: ProcessFigures, limit: Int, ownLimit: Int, seconds: Int,
        rounds: Int
    ) throws {
        (self.one, self.size, self.figures) = (one, parties - 1, figures)
        (self.limit, self.ownLimit, self.time, self.rounds) = (limit, ownLimit, .seconds(seconds), rounds)
        self.crowd = try CrowdProcess()
    }

    /// Measures and says what was found; whether it is as it must be.
    func run() async throws -> Bool {
        say(self.introduction)
        let warmUp = self.drawDelays()
        for load in [.alone, .atLimit, .beyond] as [OverloadPhase.Load] {
            _ = try await self.phase(load, for: .seconds(3), delays: warmUp)
        }
        var phases: [OverloadPhase.Load: OverloadPhase] = [:]
        for round in 1...self.rounds {
            let delays = self.drawDelays()
            let order: [OverloadPhase.Load] =
                round.isMultiple(of: 2) ? [.alone, .beyond, .atLimit] : [.alone, .atLimit, .beyond]
            for load in order {
                // Alone is there for comparison, and the same each time.
                let time = load == .alone ? self.time / 3 : self.time
                let phase = try await self.phase(load, for: time, delays: delays)
                say("round \(round), \(phase.line)")
                phases[load] = phases[load]?.followed(by: phase) ?? phase
            }
        }
        await self.one.shutdown()
        try self.crowd.end()
        guard let alone = phases[.alone], let atLimit = phases[.atLimit], let beyond = phases[.beyond] else {
            return false
        }
        say("\nall rounds together")
        for phase in [alone, atLimit, beyond] { say(phase.line) }
        return self.verdict(alone: alone, atLimit: atLimit, beyond: beyond)
    }

    private var introduction: String {
        """
        \(self.size) parties, each may ask \(self.limit) questions/s, and one, which may ask \(self.ownLimit); a request is one signed message with \
        one question about one person to all seven base services, which answer at once
        the one asks \((self.ownRate).text(1))/s, at random moments; a latency counts from the moment at which the request \
        was due; the others' process has the lowest priority
        \(self.rounds) rounds of \(Int(self.time / .seconds(1))) s a phase (alone a third), after \
        \(Int(Self.leadIn / .seconds(1))) s that do not count
        """
    }

    private var ownRate: Double { Double(self.ownLimit * Self.share) / 100 }

    /// Each of the crowd begins somewhere in its interval: the same in all phases of a round, since what is accepted of ten
    /// times the limit keeps that distance.
    private func drawDelays() -> [Duration] {
        (0..<self.size).map { _ in .seconds(Double.random(in: 0..<1) / Double(self.limit)) }
    }

    private func phase(
        _ load: OverloadPhase.Load, for time: Duration, delays: [Duration]
    ) async throws -> OverloadPhase {
        let whole = Self.leadIn + time
        // What may be accepted in the time, the burst, and as many as may wait for a response at the same time.
        let accepted = Int(whole / .seconds(1)) * self.limit + self.limit + 100
        try self.one.prepare(Int(whole / .seconds(1)) * self.ownLimit + self.ownLimit + 100)
        try self.crowd.prepare(
            .init(
                rate: Double(self.limit * load.times), delays: delays, leadIn: Self.leadIn, time: whole,
                accepted: accepted))
        let start = ContinuousClock.now + .milliseconds(200)
        try self.crowd.start(at: start)
        let (figures, generators) = (self.figures, [ProcessInfo.processInfo.processIdentifier, self.crowd.pid])
        async let cost = OverloadPhase.Cost.measured(
            from: start + Self.leadIn, to: start + whole, figures, generators: generators)
        let own = await self.one.run(
            .init(rate: self.ownRate, isRandom: true, leadIn: Self.leadIn, time: whole), from: start)
        return OverloadPhase(
            load: load, one: own, others: try self.crowd.result(), cost: await cost, time: time)
    }

    private func verdict(alone: OverloadPhase, atLimit: OverloadPhase, beyond: OverloadPhase) -> Bool {
        func growth(_ before: OverloadPhase) -> Double {
            let base = before.one.latency(0.99)
            return base > 0 ? (beyond.one.latency(0.99) / base - 1) * 100 : .infinity
        }
        var complaints: [String] = []
        for phase in [alone, atLimit, beyond] {
            let name = phase.load.name
            if phase.one.refused > 0 { complaints.append("\(name): the one within its limit was refused") }
            if phase.one.failed + phase.others.failed > 0 { complaints.append("\(name): something failed") }
        }
        let grown = growth(atLimit)
        if grown >= Self.allowedGrowth { complaints.append("the p99 grew by \(Int(Self.allowedGrowth)) % or more") }
        let most = Double(self.limit * self.size)
        if beyond.acceptedPerSecond > most * 1.05 { complaints.append("more was accepted than the limits allow") }
        if atLimit.acceptedPerSecond < most * 0.95 { complaints.append("the ten were held back within their limits") }
        for phase in [atLimit, beyond] where phase.others.delay(0.99) > Self.allowedDelay {
            complaints.append("\(phase.load.name): they could not send in time, the machine has too much else to do")
        }
        say(
            """

            p99 of the one within its limit: \(grown.text(1)) % more with the others at \(Self.factor) times their limits \
            than with the others at their limits (must be below \(Int(Self.allowedGrowth)) %); \
            \(growth(alone).text(1)) % more than alone
            """)
        for complaint in complaints { say("NOT AS IT MUST BE: \(complaint)") }
        return complaints.isEmpty
    }
}
