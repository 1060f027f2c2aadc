import AMQP
import AMQPTransport
import Foundation
import Gateway
import GatewayFixtures
import GatewayTestSupport
import Logging
import SSBTEK
import ServiceLifecycle
import Synchronization
import Testing

/// The transport on a real broker.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: PrivateBroker.isAvailable))
struct BrokerTests {
    private let keyring = KeyringFolder()
    private let clock = SystemClock()

    @Test func `roles declare the same topology without a conflict`() async throws {
        let host = try await BrokerHost.named("declare")
        let topology = GatewayTopology(configuration: .init(), shards: 2)
        var ingress = topology.shared
        ingress.merge(topology.reply(to: ReplyAddress("shs.reply.declare")))
        let (first, second) = (host.connections(ingress, role: "one"), host.connections(topology.shared, role: "two"))
        let runs = [RunningServices(first.services), RunningServices(second.services)]
        for connection in [first.publisher, first.consumer, second.publisher, second.consumer] {
            try await connection.waitUntilConnected(timeout: .seconds(20))
        }
        for name in ingress.queues.map(\.name) {
            #expect(try await second.publisher.inspect(queue: name).readyMessages == 0, "\(name)")
        }
        for run in runs { try await run.stop() }
    }

    @Test func `an item whose answer nobody takes comes back, and is answered as an internal error in the end`()
        async throws
    {
        let host = try await BrokerHost.named("poison")
        var limits = GatewayTopology.Configuration()
        limits.workDeliveryLimit = 1
        let topology = GatewayTopology(configuration: limits, shards: 1)
        let item = self.work(.random(), within: .seconds(60))
        let manifest = try TransportFixture.manifest(
            item.transaction, deadline: self.clock.now() + .seconds(60), replyAddress: ReplyAddress("shs.reply.poison"))

        let taken = Mutex(0)
        let worker = try self.worker(host, topology) { item in
            taken.withLock { $0 += 1 }
            // No queue is bound for that shard, so the broker returns the answer.
            return Self.answer(item, .data([1]), shard: 7)
        }
        let (correlator, events) = try self.correlator(host, topology)
        let runs = [RunningServices(worker.services), RunningServices(correlator.services)]
        try await self.dispatch(manifest, [item], host, topology)

        var answer: ProviderAnswer?
        for await event in events {
            guard case .answer(let received, let delivery) = event else { continue }
            answer = received
            correlator.transport.acknowledge([delivery])
            break
        }
        #expect(answer?.transaction == item.transaction)
        #expect(answer?.slot == item.slot)
        #expect(answer?.deadline == item.deadline)
        #expect(answer?.outcome == .error(.gateway(.internalError)))
        // Once, and once more for the one return that is allowed.
        #expect(taken.withLock { $0 } == 2)
        for run in runs { try await run.stop() }
    }

    @Test func `a work item that nobody took in time is counted and gone`() async throws {
        let log = CapturedLog.shared
        let host = try await BrokerHost.named("expiry")
        let topology = GatewayTopology(configuration: .init(), shards: 1)
        let item = self.work(.random(), within: .milliseconds(400))
        let manifest = try TransportFixture.manifest(
            item.transaction, deadline: self.clock.now() + .seconds(60), replyAddress: ReplyAddress("shs.reply.expiry"))
        let (correlator, events) = try self.correlator(host, topology)
        let run = RunningServices(correlator.services)
        try await self.dispatch(manifest, [item], host, topology)
        let expected = "warning A dead letter was discarded amqp.queue=work reason=expired"
        while !log.text.contains(expected) { try await Task.sleep(for: .milliseconds(50)) }
        let publisher = correlator.connections.publisher
        for queue in [GatewayTopology.workQueue(item.slot.provider), GatewayTopology.deadQueue] {
            while try await publisher.inspect(queue: queue).readyMessages > 0 {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        try await run.stop()
        // The deadline takes care of the section: nothing but the manifest has come.
        var kinds: [String] = []
        for await event in events { kinds.append(Self.kind(event)) }
        #expect(kinds.filter { $0 != "lost" } == ["manifest"])
    }

    @Test(arguments: [true, false])
    func `everything that a correlator held is handed to the next one, manifest first`(isOrderly: Bool) async throws {
        let host = try await BrokerHost.named(isOrderly ? "orderly" : "abrupt")
        let topology = GatewayTopology(configuration: .init(), shards: 1)
        let items = (0..<2).map { self.work(.random(), within: .seconds(60), question: $0) }
        let manifest = try TransportFixture.manifest(
            items[0].transaction, deadline: self.clock.now() + .seconds(60),
            replyAddress: ReplyAddress("shs.reply.handover"))
        let (first, firstEvents) = try self.correlator(host, topology)
        let firstRun = RunningServices(first.services)
        try await self.dispatch(manifest, items, host, topology)
        let worker = try self.worker(host, topology) { item in
            Self.answer(
                item, item.slot.question == 0 ? .data(Array("<s:data/>".utf8)) : .error(.gateway(.notReachable)))
        }
        let workerRun = RunningServices(worker.services)
        let expected = await Self.take(3, of: firstEvents).map(Self.kind)
        #expect(expected.first == "manifest")
        #expect(expected.sorted() == ["data CSN", "error CSN", "manifest"])

        if isOrderly { try await firstRun.stop() } else { await firstRun.cancel() }
        let (second, secondEvents) = try self.correlator(host, topology)
        let secondRun = RunningServices(second.services)
        let again = await Self.take(3, of: secondEvents)
        #expect(again.map(Self.kind) == expected)
        for event in again {
            if case .manifest(let received, _) = event { #expect(received == manifest) }
        }
        second.transport.acknowledge(again.compactMap(Self.delivery))
        try await secondRun.stop()

        let queue = GatewayTopology.correlateQueue(0)
        #expect(try await worker.connections.publisher.inspect(queue: queue).readyMessages == 0)
        try await workerRun.stop()
    }

    // MARK: Roles

    private struct Correlator {
        let connections: BrokerConnections
        let transport: AMQPCorrelatorTransport
        let services: [any Service]
    }

    private struct Worker {
        let connections: BrokerConnections
        let transport: AMQPWorkerTransport
        let services: [any Service]
    }

    /// A correlator's transport with its dead-letter reader; its events in order.
    private func correlator(
        _ host: BrokerHost, _ topology: GatewayTopology
    ) throws -> (Correlator, AsyncStream<CorrelateEvent>) {
        let connections = host.connections(topology.shared, role: "correlator")
        let keyring = try self.keyring.keyring(AMQPCorrelatorTransport.lanes)
        var configuration = CorrelateConfiguration()
        configuration.shards = 1
        let transport = AMQPCorrelatorTransport(
            connections: connections, keyring: keyring, configuration: configuration)
        let (events, continuation) = AsyncStream.makeStream(of: CorrelateEvent.self)
        let receive = Receiving {
            try await transport.receive { continuation.yield($0) }
            continuation.finish()
        }
        let dead = DeadLetterReader(connections: connections, keyring: keyring, clock: self.clock)
        return (
            Correlator(
                connections: connections, transport: transport, services: connections.services + [dead, receive]),
            events
        )
    }

    private func worker(
        _ host: BrokerHost, _ topology: GatewayTopology,
        _ handler: @escaping @Sendable (WorkItem) async -> ProviderAnswer?
    ) throws -> Worker {
        let connections = host.connections(topology.shared, role: "worker", isShared: true)
        let transport = AMQPWorkerTransport(
            connections: connections, keyring: try self.keyring.keyring(AMQPWorkerTransport.lanes([.af, .csn])),
            clock: self.clock)
        let receive = Receiving { try await transport.receiveWork(for: .csn, concurrency: 4, handler) }
        return Worker(connections: connections, transport: transport, services: connections.services + [receive])
    }

    /// What an ingress does, by one that lives for this only.
    private func dispatch(
        _ manifest: Manifest, _ items: [WorkItem], _ host: BrokerHost, _ topology: GatewayTopology
    ) async throws {
        var own = topology.shared
        own.merge(topology.reply(to: manifest.replyAddress))
        let connections = host.connections(own, role: "ingress")
        let run = RunningServices(connections.services)
        try await connections.publisher.waitUntilConnected(timeout: .seconds(20))
        let transport = AMQPIngressTransport(
            connections: connections, keyring: try self.keyring.keyring(AMQPIngressTransport.lanes),
            replyAddress: manifest.replyAddress, clock: self.clock)
        try await transport.dispatch(manifest, shard: 0, items: items)
        try await run.stop()
    }

    private func work(_ transaction: TransactionID, within time: Duration, question: Int = 0) -> WorkItem {
        WorkItem(
            transaction: transaction, slot: Slot(question: question, provider: .csn), shard: 0,
            deadline: self.clock.now() + time, remaining: time, question: Array("<q/>".utf8))
    }

    private static func answer(_ item: WorkItem, _ outcome: SectionOutcome, shard: Int = 0) -> ProviderAnswer {
        ProviderAnswer(
            transaction: item.transaction, slot: item.slot, shard: shard, deadline: item.deadline, outcome: outcome,
            elapsed: .milliseconds(1))
    }

    // MARK: Events

    private static func take(_ count: Int, of events: AsyncStream<CorrelateEvent>) async -> [CorrelateEvent] {
        var taken: [CorrelateEvent] = []
        for await event in events {
            if case .shardLost = event { continue }
            taken.append(event)
            if taken.count == count { break }
        }
        return taken
    }

    private static func kind(_ event: CorrelateEvent) -> String {
        switch event {
        case .manifest: return "manifest"
        case .answer(let answer, _):
            if case .data = answer.outcome { return "data \(answer.slot.provider.rawValue)" }
            return "error \(answer.slot.provider.rawValue)"
        case .poison: return "poison"
        case .shardLost: return "lost"
        }
    }

    private static func delivery(_ event: CorrelateEvent) -> DeliveryID? {
        switch event {
        case .manifest(_, let delivery), .answer(_, let delivery), .poison(let delivery): delivery
        case .shardLost: nil
        }
    }
}
