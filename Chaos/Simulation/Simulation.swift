import Gateway
import GatewayFixtures
import InMemoryTransport

/// One world from one seed, run to its end: the whole core on the broker in memory, in virtual time, while things go wrong.
///
/// The same seed gives the same steps, in every process and on every machine.
package struct Simulation {
    /// How one world ended.
    package struct Outcome: Sendable {
        package let seed: UInt64
        package let theme: SimulationProfile.Theme
        package let violation: Violation?
        package let figures: SimulationFigures
        /// The same when the same happened.
        package let digest: UInt64
        package let trace: [String]
    }

    /// Far more than any world needs: one that goes round in circles ends here.
    private static let maximumSteps = 400_000

    package let seed: UInt64
    private let world: SimulatedWorld
    private var steps = 0

    /// Runs on the calling thread, which must not be one of Swift's own: its jobs would be mixed up with the world's.
    package static func run(
        seed: UInt64, parts: SimulationParts = SimulationParts(), keepsTrace: Bool = false
    ) -> Outcome {
        CapturedLog.$isMuted.withValue(true) {
            var simulation = Self(seed: seed, parts: parts, keepsTrace: keepsTrace)
            simulation.live()
            return simulation.outcome
        }
    }

    private init(seed: UInt64, parts: SimulationParts, keepsTrace: Bool) {
        self.seed = seed
        self.world = SimulatedWorld(seed: seed, parts: parts, keepsTrace: keepsTrace)
    }

    private var outcome: Outcome {
        var figures = self.world.checker.figures
        figures.steps = self.steps
        return Outcome(
            seed: self.seed, theme: self.world.profile.theme, violation: self.world.checker.violation,
            figures: figures, digest: self.world.trace.digest, trace: self.world.trace.lines)
    }

    private mutating func live() {
        self.world.note("seed \(self.seed), \(self.world.profile)")
        for place in self.world.places { self.world.start(place) }
        self.world.planClients()
        self.disturb()
        self.comeToRest()
        self.end()
    }

    /// While clients send and things go wrong.
    private mutating func disturb() {
        var faults = self.world.profile.faultCount
        var next = self.distance()
        while self.world.unsent > 0 || (faults > 0 && !self.world.isAtRest) {
            guard self.step() else { return }
            next -= 1
            guard next <= 0, faults > 0, let fault = self.world.drawFault() else { continue }
            self.world.inject(fault)
            faults -= 1
            next = self.distance()
        }
        self.world.network.heal()
    }

    private func distance() -> Int {
        Int.random(in: 0...self.world.profile.faultDistance, using: &self.world.generator)
    }

    /// Everything is repaired by now or will be: whoever waits is answered, and nothing stays behind.
    private mutating func comeToRest() {
        let limit = self.world.clock.now() + .seconds(90)
        while !self.world.isAtRest {
            guard self.world.clock.now() <= limit else {
                return self.world.checker.expect(false, .nothingLeft, self.world.unrest ?? "")
            }
            guard self.step() else { return }
        }
    }

    /// All processes end; nothing of them may stay either.
    private mutating func end() {
        guard self.world.checker.violation == nil else { return self.abandon() }
        for process in self.world.processes { process.close() }
        self.drain()
        self.abandon()
        self.world.checker.expect(
            self.world.processes.allSatisfy { $0.taskCount == 0 }, .nothingLeft,
            "tasks of \(self.world.processes.filter { $0.taskCount > 0 }.map(\.name)) have not ended")
        self.world.checker.expect(self.world.clock.sleeperCount == 0, .nothingLeft, "somebody is still asleep")
    }

    /// Ends whatever is there, so that nothing of a world outlives it.
    private mutating func abandon() {
        for process in self.world.processes {
            self.world.scheduler.resume(process.name)
            process.kill()
        }
        self.drain()
    }

    private mutating func drain() {
        var steps = 0
        while steps < Self.maximumSteps, self.world.scheduler.step() != .nothingLeft {
            self.world.doWhatIsDue()
            steps += 1
        }
        self.steps += steps
    }

    /// False when something did not hold, or nothing is left to do.
    private mutating func step() -> Bool {
        self.steps += 1
        let step = self.world.scheduler.step()
        self.world.doWhatIsDue()
        if step == .timePassed { self.world.timePassed() }
        self.world.checker.expect(step != .nothingLeft, .nothingLeft, "everybody waits for somebody else")
        self.world.checker.expect(self.steps < Self.maximumSteps, .deadlineKept, "it goes round in circles")
        return self.world.checker.violation == nil
    }
}
