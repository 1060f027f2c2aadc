import Gateway
import GatewayFixtures
import InMemoryTransport
import Synchronization

/// A network between processes and broker with delays, lost confirmations and cut links, all drawn from the seed.
final class SimulatedNetwork: InMemoryNetwork {
    private struct State {
        var generator: SeededGenerator
        /// Everything takes so much longer.
        var stall: Duration = .zero
        /// One of so many confirmations is lost; nil when none is.
        var confirmLoss: Int?
    }

    private let scheduler: SimulatedScheduler
    private let latency: SimulationProfile.Latency
    private let onConfirmLost: @Sendable (Duration) -> Void
    private let state: Mutex<State>

    /// - Parameter onConfirmLost: is told of each lost confirmation, and how long its publisher will wait for it.
    init(
        seed: UInt64, scheduler: SimulatedScheduler, profile: SimulationProfile,
        onConfirmLost: @escaping @Sendable (Duration) -> Void
    ) {
        self.scheduler = scheduler
        self.latency = profile.latency
        self.onConfirmLost = onConfirmLost
        self.state = Mutex(State(generator: SeededGenerator(seed: seed), confirmLoss: profile.confirmLoss))
    }

    func setStall(_ stall: Duration) { self.state.withLock { $0.stall = stall } }

    /// From now on it only delays.
    func heal() { self.state.withLock { ($0.stall, $0.confirmLoss) = (.zero, nil) } }

    func carry(over link: InMemoryLink, _ way: InMemoryWay, _ arrive: @escaping @Sendable () -> Void) {
        self.scheduler.carry(arrive, on: .init(link: link, way: way), after: self.delay())
    }

    func confirm(
        over link: InMemoryLink, _ arrive: @escaping @Sendable () -> Void,
        orGiveUp giveUp: @escaping @Sendable () -> Void
    ) {
        let wait: Duration? = self.state.withLock { state in
            guard let loss = state.confirmLoss, state.generator.oneIn(loss) else { return nil }
            // Ten seconds is what the real connection waits; shorter, the same happens while more is going on.
            return state.generator.oneIn(3)
                ? .seconds(10) : .milliseconds(Int.random(in: 200...3_000, using: &state.generator))
        }
        guard let wait else { return self.carry(over: link, .fromBroker, arrive) }
        self.onConfirmLost(wait)
        self.scheduler.plan(after: wait, giveUp)
    }

    func sever(_ link: InMemoryLink, _ notice: @escaping @Sendable () -> Void) {
        self.scheduler.sever(link)
        self.carry(over: link, .toBroker, notice)
    }

    private func delay() -> Duration {
        self.state.withLock { state in
            switch self.latency {
            case .none: state.stall
            case .few: state.stall + .milliseconds(Int.random(in: 0...5, using: &state.generator))
            case .uneven:
                state.stall
                    + .milliseconds(
                        state.generator.oneIn(8) ? Int.random(in: 0...150, using: &state.generator) : 0)
            }
        }
    }
}
