import ArgumentParser
import Foundation
import GatewayFixtures
import Simulation

/// Runs worlds in memory, in virtual time, each from its own seed.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs the whole core in memory and in virtual time while things go wrong, once for each seed.",
        discussion: "Exit code 1 when an invariant did not hold; the same seed then fails again in the same way.")

    @Option(help: "How many seeds.") var seeds: UInt64 = 100_000
    @Option(help: "The first seed.") var first: UInt64 = 1
    @Option(help: "Worlds at the same time; as many as there are processors unless said otherwise.")
    var jobs = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "Goes on until so many have failed.") var failures = 1
    @Option(help: "Runs this one seed, twice, and compares.") var replay: UInt64?
    @Flag(help: "With --replay: prints everything that happens.") var trace = false

    func validate() throws {
        guard self.seeds > 0, self.jobs > 0 else { throw ValidationError("--seeds and --jobs must be positive") }
        guard !self.trace || self.replay != nil else { throw ValidationError("--trace needs --replay SEED") }
    }

    func run() async throws {
        _ = CapturedLog.shared
        if let replay {
            try await self.show(replay)
        } else {
            try await self.explore()
        }
    }

    private func explore() async throws {
        let run = SimulationRun(seeds: self.first..<(self.first + self.seeds), maximumFailures: self.failures)
        let start = ContinuousClock.now
        let progress = Task {
            while true {
                try await Task.sleep(for: .seconds(10))
                print("\(run.result.seeds) of \(self.seeds) seeds after \(Self.seconds(since: start)) s")
                // Also when it goes to a file.
                fflush(nil)
            }
        }
        let result = await run.perform(jobs: self.jobs)
        progress.cancel()
        print(SimulationReport(result, after: start.duration(to: .now)).text)
        for failure in result.failures { print(Self.text(of: failure)) }
        if !result.failures.isEmpty { throw ExitCode(1) }
    }

    /// On a thread of its own, as every world.
    private func show(_ seed: UInt64) async throws {
        let trace = self.trace
        let outcomes = await withCheckedContinuation { continuation in
            Thread {
                let first = Simulation.run(seed: seed, keepsTrace: trace)
                continuation.resume(returning: [first, Simulation.run(seed: seed)])
            }.start()
        }
        for line in outcomes[0].trace { print(line) }
        print("seed \(seed), \(outcomes[0].theme.rawValue): digest \(String(outcomes[0].digest, radix: 16))")
        guard outcomes[0].digest == outcomes[1].digest else {
            print("the second run of the same seed went another way: \(String(outcomes[1].digest, radix: 16))")
            throw ExitCode(1)
        }
        if outcomes[0].violation != nil {
            print(Self.text(of: outcomes[0]))
            throw ExitCode(1)
        }
        print("all invariants hold")
    }

    private static func text(of failure: Simulation.Outcome) -> String {
        """
        FAILED: seed \(failure.seed) (\(failure.theme.rawValue)): \(failure.violation.map(\.description) ?? "")
        again:  ./run chaos --simulate --replay \(failure.seed) --trace
        """
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Int64 {
        start.duration(to: .now).components.seconds
    }
}
