import Providers

/// Which faults are injected, in which order: each kind equally often, mixed by the seed.
struct Schedule: Sendable {
    let kinds: [FaultKind]
    private(set) var generator: SeededGenerator

    init(_ kinds: [FaultKind], times: Int, seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
        self.kinds = (0..<times).flatMap { _ in kinds }.shuffled(using: &self.generator)
    }
}
