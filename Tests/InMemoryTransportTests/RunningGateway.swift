import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK

/// All roles of a gateway in one process, on the broker in memory and the virtual clock.
final class RunningGateway: Sendable {
    let clock = VirtualClock(at: ManifestFixture.start)
    let broker = InMemoryBroker(shards: 4)
    let ingress: Ingress
    let services: [Provider: SimulatedService]
    private let tasks: [Task<Void, any Error>]

    /// - Parameter silent: providers that answer long after the deadline.
    init(silent: Set<Provider> = []) throws {
        let deadlines = DeadlineConfiguration()
        let (clock, broker) = (self.clock, self.broker)
        let services = Dictionary(
            uniqueKeysWithValues: Provider.allCases.map {
                ($0, SimulatedService($0, clock: clock, isSilent: silent.contains($0)))
            })
        let ingress = Ingress(
            intake: try RequestFixture.intake(), splitter: Splitter(deadlines: deadlines, shards: 4),
            deadlines: deadlines,
            transport: InMemoryIngressTransport(broker: broker, replyAddress: ReplyAddress("reply.1")), clock: clock)
        let questions = try QuestionFixture.reader()
        let workers = services.map { provider, service in
            ProviderWorker(
                provider: provider, concurrency: 2, transport: InMemoryWorkerTransport(broker: broker),
                service: service, questions: questions, clock: clock)
        }
        self.services = services
        self.ingress = ingress
        self.tasks = [Task { try await ingress.run() }] + workers.map { worker in Task { try await worker.run() } }
    }

    deinit {
        for task in self.tasks { task.cancel() }
    }

    /// One more correlator; the first one is active, others stand by.
    func startCorrelator() -> RunningCorrelator { RunningCorrelator(broker: self.broker, clock: self.clock) }

    /// Waits until the correlator has taken in what is in its queues: a last message in each, discarded, proves it.
    func allIsTakenIn() async -> Bool {
        let count = self.broker.correlateCount
        for shard in 0..<4 { self.broker.publishUnreadable(shard: shard) }
        return await eventually { self.broker.correlateCount == count }
    }

    /// The answers in a reply, one per question.
    static func answers(_ outcome: IngressOutcome) throws -> [SSBTEK.Answer] {
        guard case .reply(let entity, _) = outcome,
            case .detached(let content, _) = try SignedEntity.read(entity: entity)
        else { return [] }
        let reader = AnswerReader(contract: try QuestionFixture.contract())
        return try Message.read(content).parts.map { try reader.read($0.content) }
    }
}

/// One correlator process of the simulation.
final class RunningCorrelator: Sendable {
    let transport: InMemoryCorrelatorTransport
    private let correlator: Correlator
    private let task: Task<Void, any Error>

    init(broker: InMemoryBroker, clock: VirtualClock) {
        let transport = InMemoryCorrelatorTransport(broker: broker)
        var configuration = CorrelateConfiguration()
        configuration.shards = 4
        let correlator = Correlator(
            configuration: configuration, transport: transport, assembler: .fixture(), clock: clock)
        self.transport = transport
        self.correlator = correlator
        self.task = Task { try await correlator.run() }
    }

    deinit { self.task.cancel() }

    /// Waits until it holds so many messages: whatever the broker handed over has been taken in.
    func holds(_ count: Int) async -> Bool { await eventually { self.correlator.heldCount == count } }

    /// As with kill -9: whatever it still does has no effect, and in the end it is gone.
    func kill() async {
        self.transport.cut()
        self.task.cancel()
        _ = await self.task.result
    }

    /// Graceful end.
    func stop() async throws {
        self.transport.close()
        try await self.task.value
    }
}
