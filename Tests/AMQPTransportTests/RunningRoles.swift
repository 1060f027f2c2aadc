import AMQP
import AMQPTransport
import Gateway
import GatewayFixtures
import Logging
import SSBTEK
import ServiceLifecycle
import Synchronization

/// Ingress, worker and correlator on one broker, as three processes are, and what they saw.
final class RunningRoles: Sendable {
    /// What became of one transaction.
    struct Fate {
        var replies = 0
        var data = 0
        var errors = 0
        /// How often each section was asked for.
        var asked: [Provider: Int] = [:]
        var failure: String?
        var elapsed: Duration = .zero
    }

    static let shards = 2
    static let providers: [Provider] = [.af, .csn]

    let correlators: [BrokerConnections]
    let worker: BrokerConnections
    private let dispatcher: BrokerConnections
    private let ingress: AMQPIngressTransport
    private let clock = SystemClock()
    private let fates = Mutex<[TransactionID: Fate]>([:])
    private let runs = Mutex<[RunningServices]>([])
    private let isOver = Atomic(false)

    /// - Parameter work: what a provider does for a work item, and how long.
    init(
        _ host: BrokerHost, _ configuration: AMQPConfiguration, keyring: KeyringFolder, correlators: Int = 1,
        work: @escaping @Sendable (WorkItem) async -> Void
    ) throws {
        let topology = GatewayTopology(configuration: .init(), shards: Self.shards)
        let address = ReplyAddress("shs.reply.\(host.name)")
        var own = topology.shared
        own.merge(topology.reply(to: address))
        self.dispatcher = host.connections(configuration, own, role: "ingress")
        self.worker = host.connections(configuration, topology.shared, role: "worker", isShared: true)
        self.correlators = (0..<correlators).map { _ in
            host.connections(configuration, topology.shared, role: "correlator")
        }
        self.ingress = AMQPIngressTransport(
            connections: self.dispatcher, keyring: try keyring.keyring(AMQPIngressTransport.lanes),
            replyAddress: address, clock: self.clock)

        var correlate = CorrelateConfiguration()
        correlate.shards = Self.shards
        let correlatorKeys = try keyring.keyring(AMQPCorrelatorTransport.lanes)
        let correlating = self.correlators.map { connections -> [any Service] in
            let correlator = Correlator(
                configuration: correlate,
                transport: AMQPCorrelatorTransport(
                    connections: connections, keyring: correlatorKeys, configuration: correlate),
                assembler: .fixture(), clock: self.clock)
            let dead = DeadLetterReader(connections: connections, keyring: correlatorKeys, clock: self.clock)
            return connections.services + [dead, correlator]
        }
        let worker = AMQPWorkerTransport(
            connections: self.worker, keyring: try keyring.keyring(AMQPWorkerTransport.lanes(Self.providers)),
            clock: self.clock)
        let workers = Self.providers.map { provider in
            Receiving {
                try await worker.receiveWork(for: provider, concurrency: 16) { item in
                    self.fates.withLock { $0[item.transaction, default: Fate()].asked[provider, default: 0] += 1 }
                    await work(item)
                    return ProviderAnswer(
                        transaction: item.transaction, slot: item.slot, shard: item.shard, deadline: item.deadline,
                        outcome: .data(Array("<s:data/>".utf8)), elapsed: .milliseconds(1))
                }
            }
        }
        let replies = Receiving {
            try await self.ingress.receiveReplies { reply in
                self.fates.withLock { fates in
                    fates[reply.transaction, default: Fate()].replies += 1
                    fates[reply.transaction]?.data = reply.sections.data
                    fates[reply.transaction]?.errors = reply.sections.errors
                }
            }
        }
        self.runs.withLock { runs in
            runs = (correlating + [self.worker.services + workers, self.dispatcher.services + [replies]])
                .map(RunningServices.init)
        }
    }

    var connections: [BrokerConnections] { self.correlators + [self.worker, self.dispatcher] }

    func waitUntilConnected() async throws {
        for connections in self.connections {
            try await connections.publisher.waitUntilConnected(timeout: .seconds(20))
            try await connections.consumer.waitUntilConnected(timeout: .seconds(20))
        }
    }

    /// Each connection that is in use now, once.
    var current: [AMQPConnection] {
        self.connections.flatMap { $0.publisher === $0.consumer ? [$0.publisher] : [$0.publisher, $0.consumer] }
    }

    var fatesNow: [Fate] { self.fates.withLock { Array($0.values) } }

    /// Dispatches one transaction and waits for its reply, as a request does.
    func request(within limit: Duration = .seconds(12)) async {
        let transaction = TransactionID.random()
        let started = ContinuousClock.now
        let deadline = self.clock.now() + limit - .seconds(1)
        var fixture = ManifestFixture(transaction.text)
        fixture.txID = transaction.text
        fixture.providers = [Self.providers]
        fixture.acceptedAt = self.clock.now()
        fixture.deadline = deadline
        fixture.replyAddress = self.ingress.replyAddress
        let shard = Int.random(in: 0..<Self.shards)
        let items = Self.providers.map {
            WorkItem(
                transaction: transaction, slot: Slot(question: 0, provider: $0), shard: shard, deadline: deadline,
                remaining: limit, question: Array("<q/>".utf8))
        }
        var failure: String?
        do {
            try await self.ingress.dispatch(fixture.manifest, shard: shard, items: items)
        } catch {
            failure = "dispatch: \(error)"
        }
        while failure == nil, self.fates.withLock({ $0[transaction]?.replies ?? 0 }) == 0 {
            if ContinuousClock.now - started > limit { failure = "no reply" }
            try? await Task.sleep(for: .milliseconds(5))
        }
        self.fates.withLock { [failure] in
            $0[transaction, default: Fate()].failure = failure
            $0[transaction]?.elapsed = ContinuousClock.now - started
        }
    }

    /// Requests one after the other in so many lanes while the body runs, and until they have their replies.
    func underLoad(lanes: Int, _ body: () async throws -> Void) async throws {
        self.isOver.store(false, ordering: .relaxed)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes {
                group.addTask { while !self.isOver.load(ordering: .relaxed) { await self.request() } }
            }
            defer { self.isOver.store(true, ordering: .relaxed) }
            try await body()
            self.isOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
    }

    /// Ingress first, as in one process.
    func stop() async throws {
        for run in self.runs.withLock({ $0 }).reversed() { try await run.stop() }
    }
}
