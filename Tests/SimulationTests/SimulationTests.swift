import Foundation
import GatewayFixtures
import Simulation
import Testing

/// The whole core in memory, while things go wrong; `./run chaos --simulate` does a hundred times as many.
@Suite struct SimulationTests {
    init() { _ = CapturedLog.shared }

    @Test func `every invariant holds in the first worlds`() async {
        let result = await SimulationRun(seeds: 1..<2_001).perform(jobs: ProcessInfo.processInfo.activeProcessorCount)
        for failure in result.failures {
            Issue.record(
                "seed \(failure.seed): \(failure.violation?.description ?? ""); ./run chaos --simulate --replay \(failure.seed) --trace"
            )
        }
        #expect(result.failures.isEmpty)
        // Worlds in which little happens prove little.
        #expect(result.figures.faults.values.reduce(0, +) > 2_000)
        #expect(result.figures.complete > result.figures.requests / 2)
        #expect(Set(result.themes.keys) == Set(SimulationProfile.Theme.allCases.map(\.rawValue)))
    }

    @Test func `every fault happens`() async {
        let result = await SimulationRun(seeds: 1..<201).perform(jobs: 1)
        #expect(Set(result.figures.faults.keys) == Set(SimulatedFault.allCases.map(\.rawValue)))
    }

    @Test func `a seed gives the same steps again`() async {
        let seeds: [UInt64] = Array(1...40)
        let (first, second) = await (self.digests(seeds), self.digests(seeds))
        #expect(first == second)
        #expect(Set(first).count == seeds.count)
    }

    @Test func `a trace changes nothing`() async {
        let (silent, loud) = await (self.outcome(12, keepsTrace: false), self.outcome(12, keepsTrace: true))
        #expect(silent.digest == loud.digest)
        #expect(silent.trace.isEmpty)
        #expect(loud.trace.count > 20)
    }

    private func digests(_ seeds: [UInt64]) async -> [UInt64] {
        var digests: [UInt64] = []
        for seed in seeds { digests.append(await self.outcome(seed, keepsTrace: false).digest) }
        return digests
    }

    /// On a thread of its own, as every world.
    private func outcome(_ seed: UInt64, keepsTrace: Bool) async -> Simulation.Outcome {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: Simulation.run(seed: seed, keepsTrace: keepsTrace)) }.start()
        }
    }
}
