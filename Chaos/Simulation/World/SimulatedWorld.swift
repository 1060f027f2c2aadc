import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK

/// Everything that one seed makes: broker, network, clocks, processes and clients.
///
/// Lives on one thread; what its processes do happens in the scheduler's steps.
final class SimulatedWorld {
    static let start = Timestamp(milliseconds: 1_000_000_000)
    /// Who may still be alive under a name: the place of a process.
    struct Place: Hashable {
        enum Kind: String { case ingress, worker, correlator }

        let kind: Kind
        let index: Int
        var provider: Provider?

        var text: String { "\(self.provider?.rawValue ?? self.kind.rawValue)-\(self.index)" }
    }

    let seed: UInt64
    let profile: SimulationProfile
    let parts: SimulationParts
    let clock: VirtualClock
    let trace: Trace
    let scheduler: SimulatedScheduler
    let checker: InvariantChecker
    let network: SimulatedNetwork
    let broker: InMemoryBroker
    let deadlines = DeadlineConfiguration()
    let correlate: CorrelateConfiguration
    let dead = DeadLetterDesk()
    /// For everything that is drawn by the world itself.
    var generator: SeededGenerator
    private(set) var places: [Place] = []
    /// Processes that stand still, and until when.
    var paused: [String: Timestamp] = [:]
    /// Requests that are planned and not sent yet.
    var unsent = 0
    var lastRequest = 0
    private var plannedActions: [(SimulatedWorld) -> Void] = []
    private let due = DueActions()
    /// Who is alive at each place.
    var alive: [Place: SimulatedProcess] = [:]
    /// Everybody who ever was.
    private(set) var processes: [SimulatedProcess] = []
    private let transactions: SeededIdentities

    init(seed: UInt64, parts: SimulationParts, keepsTrace: Bool) {
        var generator = SeededGenerator(seed: seed)
        let profile = SimulationProfile(using: &generator)
        self.seed = seed
        self.profile = profile
        self.parts = parts
        let clock = VirtualClock(at: Self.start)
        let trace = Trace(keepsText: keepsTrace)
        self.clock = clock
        self.trace = trace
        self.scheduler = SimulatedScheduler(seed: generator.next(), clock: clock, trace: trace)
        var correlate = CorrelateConfiguration()
        correlate.shards = profile.shards
        correlate.prefetch = profile.prefetch
        correlate.tick = profile.tick
        self.correlate = correlate
        let dead = self.dead
        let checker = InvariantChecker(
            limits: .init(
                deadlines: self.deadlines, correlate: correlate, spread: .milliseconds(profile.skew * 2),
                isNarrow: profile.isNarrow, isPerfect: profile.theme == .calm && profile.slowness == 0,
                latency: .milliseconds(profile.latency == .none ? 0 : profile.latency == .few ? 5 : 150)),
            clock: clock, trace: trace, onDeath: { dead.received($0, because: $1) })
        self.checker = checker
        self.network = SimulatedNetwork(
            seed: generator.next(), scheduler: self.scheduler, profile: profile,
            onConfirmLost: { checker.disturbed(for: $0 + .milliseconds(500)) })
        self.broker = InMemoryBroker(
            shards: profile.shards, workDeliveryLimit: 5, correlateDeliveryLimit: 100, clock: clock, witness: checker)
        self.transactions = SeededIdentities(seed: generator.next())
        self.generator = generator
        for index in 0..<profile.correlators { self.places.append(Place(kind: .correlator, index: index)) }
        for provider in profile.providers {
            for index in 0..<profile.workersPerProvider {
                self.places.append(Place(kind: .worker, index: index, provider: provider))
            }
        }
        for index in 0..<profile.ingresses { self.places.append(Place(kind: .ingress, index: index)) }
    }

    func alive(_ kind: Place.Kind) -> [Place] { self.places.filter { $0.kind == kind && self.alive[$0] != nil } }

    /// Fills a place with a new process.
    func start(_ place: Place) {
        let number = self.processes.count
        let name = "\(place.text).\(self.processes.count { $0.name.hasPrefix(place.text + ".") })"
        let clock = SkewedClock(self.clock, ahead: self.drawSkew())
        let executor = SimulatedExecutor(process: name, number: UInt64(number), scheduler: self.scheduler)
        let role =
            switch place.kind {
            case .ingress: self.ingress(name, clock, executor)
            case .worker: self.worker(name, place.provider ?? .af, clock)
            case .correlator: self.correlator(name, clock)
            }
        let process = SimulatedProcess(name: name, role: role.role, clock: clock, executor: executor)
        self.processes.append(process)
        self.alive[place] = process
        let run = role.run
        process.start { try? await run() }
        self.note("\(name) starts")
    }

    func drawSkew() -> Duration {
        self.profile.skew == 0
            ? .zero : .milliseconds(Int.random(in: -self.profile.skew...self.profile.skew, using: &self.generator))
    }

    /// Does something with the world after a time.
    func after(_ delay: Duration, _ action: @escaping (SimulatedWorld) -> Void) {
        self.plannedActions.append(action)
        let (index, due) = (self.plannedActions.count - 1, self.due)
        self.scheduler.plan(after: delay) { due.add(index) }
    }

    func doWhatIsDue() {
        for index in self.due.take() { self.plannedActions[index](self) }
    }

    func note(_ text: @autoclosure () -> String) {
        self.trace.note("\(self.clock.now().milliseconds - Self.start.milliseconds) ms *** \(text())")
    }

    private typealias Running = (role: SimulatedProcess.Role, run: @Sendable () async throws -> Void)

    private func ingress(_ name: String, _ clock: SkewedClock, _ executor: SimulatedExecutor) -> Running {
        let transport = InMemoryIngressTransport(
            broker: self.broker, replyAddress: ReplyAddress("reply.\(name)"), process: name, network: self.network,
            clock: clock)
        let transactions = self.transactions
        let ingress = Ingress(
            intake: SharedFixtures.intake,
            splitter: Splitter(deadlines: self.deadlines, shards: self.profile.shards), deadlines: self.deadlines,
            transport: self.parts.ingress(transport), clock: clock, newTransaction: { transactions.next() },
            executor: executor)
        return (.ingress(ingress, transport), { try await ingress.run() })
    }

    private func worker(_ name: String, _ provider: Provider, _ clock: SkewedClock) -> Running {
        let transport = InMemoryWorkerTransport(
            broker: self.broker, process: name, network: self.network, clock: clock)
        let checker = self.checker
        let service = SimulatedBaseService(
            provider: provider, seed: self.seed, slowness: self.profile.slowness, clock: clock,
            onAsked: { checker.asked(provider, $0, within: $1) })
        let worker = ProviderWorker(
            provider: provider, concurrency: self.profile.concurrency, transport: self.parts.worker(transport),
            service: service, questions: SharedFixtures.questions, clock: clock)
        return (.worker(transport), { try await worker.run() })
    }

    private func correlator(_ name: String, _ clock: SkewedClock) -> Running {
        let transport = InMemoryCorrelatorTransport(
            broker: self.broker, prefetch: self.profile.prefetch, process: name, network: self.network, clock: clock)
        let correlator = Correlator(
            configuration: self.correlate, transport: self.parts.correlator(transport), assembler: .fixture(),
            clock: clock)
        return (.correlator(correlator, transport), { try await correlator.run() })
    }
}
