import Gateway
import GatewayFixtures
import InMemoryTransport
import SSBTEK

/// What kind of world one seed makes: how many of everything, how fast, and what goes wrong in it.
package struct SimulationProfile: Sendable {
    /// What the faults are mostly about; the first word that a report has about a seed.
    package enum Theme: String, CaseIterable, Sendable {
        /// Nothing goes wrong: everything that could be answered must be.
        case calm
        /// Processes die, at any step, and are replaced.
        case crashes
        /// Connections are lost, confirmations too, and everything takes its time.
        case network
        /// The broker fails over, refuses publishes, is full, mixes and doubles messages.
        case broker
        /// The processes' clocks differ.
        case skew
        /// Processes are stopped and replaced in good order.
        case restarts
        case everything
    }

    enum Latency: CaseIterable, Sendable { case none, few, uneven }

    package let theme: Theme
    let providers: [Provider]
    let ingresses: Int
    let correlators: Int
    let workersPerProvider: Int
    /// Items that one worker takes at a time.
    let concurrency: Int
    let shards: Int
    let prefetch: Int
    let tick: Duration
    let latency: Latency
    /// One of so many confirmations is lost.
    let confirmLoss: Int?
    /// The most that a process's clock is off, in milliseconds.
    let skew: Int
    let faults: [SimulatedFault]
    /// How many times something goes wrong.
    let faultCount: Int
    /// The most steps between one fault and the next.
    let faultDistance: Int
    let transfers: Int
    /// In percent: base services that take longer than they should, or never answer.
    let slowness: Int

    init(using generator: inout SeededGenerator) {
        let theme = Theme.allCases.randomElement(using: &generator) ?? .everything
        self.theme = theme
        self.providers = Array(
            Provider.allCases.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator))
        )
        .sorted { $0.rawValue < $1.rawValue }
        self.ingresses = Int.random(in: 1...3, using: &generator)
        self.correlators = Int.random(in: 1...3, using: &generator)
        self.workersPerProvider = Int.random(in: 1...2, using: &generator)
        self.concurrency = Int.random(in: 1...4, using: &generator)
        self.shards = Int.random(in: 1...3, using: &generator)
        let isNarrow = theme == .everything && generator.oneIn(4)
        self.prefetch = isNarrow ? Int.random(in: 2...12, using: &generator) : 2_000
        self.tick = .milliseconds(Int.random(in: 40...120, using: &generator))
        self.latency = Latency.allCases.randomElement(using: &generator) ?? .none
        let losesConfirms = theme == .network || (theme == .everything && generator.oneIn(2))
        self.confirmLoss = losesConfirms ? Int.random(in: 5...40, using: &generator) : nil
        let isSkewed = theme == .skew || (theme == .everything && generator.oneIn(3))
        self.skew = isSkewed ? (generator.oneIn(3) ? 6_000 : 800) : 0
        self.faults = SimulatedFault.allCases.filter { $0.themes.contains(theme) }
        self.faultCount = self.faults.isEmpty ? 0 : Int.random(in: 1...6, using: &generator)
        self.faultDistance = [20, 80, 300].randomElement(using: &generator) ?? 80
        self.transfers = Int.random(in: 1...5, using: &generator)
        self.slowness = generator.oneIn(3) ? 0 : Int.random(in: 5...40, using: &generator)
    }

    /// Whether the numbers leave a correlator room for all that it must hold.
    var isNarrow: Bool { self.prefetch < 1_000 }
}
