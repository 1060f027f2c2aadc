import AMQP
import AMQPTransport
import Gateway
import GatewayFixtures
import GatewayTestSupport
import SSBTEK
import ServiceLifecycle
import Synchronization
import Testing

/// Two lanes and several providers through one worker process on a real broker.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: PrivateBroker.isAvailable)) struct LaneTests {
    /// What runs and has run in the worker.
    private struct Seen {
        var running: [String: Int] = [:]
        var most: [String: Int] = [:]
        var done: [String: Int] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isOpen = false
    }

    private let clock = SystemClock()
    private let keyring = KeyringFolder()
    private let seen = SeenBox()

    private final class SeenBox: Sendable {
        private let state = Mutex(Seen())

        func began(_ name: String) {
            self.state.withLock { seen in
                seen.running[name, default: 0] += 1
                seen.most[name] = max(seen.most[name] ?? 0, seen.running[name] ?? 0)
            }
        }

        func ended(_ name: String) {
            self.state.withLock { seen in
                seen.running[name, default: 0] -= 1
                seen.done[name, default: 0] += 1
            }
        }

        func most(_ name: String) -> Int { self.state.withLock { $0.most[name] ?? 0 } }
        func running(_ name: String) -> Int { self.state.withLock { $0.running[name] ?? 0 } }
        func done(_ name: String) -> Int { self.state.withLock { $0.done[name] ?? 0 } }

        /// Until the test opens.
        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = self.state.withLock { seen in
                    if !seen.isOpen { seen.waiting.append(continuation) }
                    return seen.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = self.state.withLock { seen in
                seen.isOpen = true
                defer { seen.waiting = [] }
                return seen.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    @Test func `a batch holds its share of a provider and a person's item passes it`() async throws {
        let host = try await BrokerHost.named("lanes")
        let topology = GatewayTopology(configuration: .init(), shards: 1)
        // The batch is question 1, people ask question 0; what the batch asks hangs.
        let worker = try self.worker(host, topology, providers: [.csn]) { item in
            item.slot.question == 1 ? "batch" : "person"
        }
        let run = RunningServices(worker)
        let batch = (0..<40).map { _ in self.work(.csn, question: 1, lane: .automated) }
        try await self.dispatch(batch, host, topology)
        #expect(await eventually { self.seen.running("batch") == 2 })
        try await self.dispatch((0..<20).map { _ in self.work(.csn, question: 0) }, host, topology)
        #expect(await eventually { self.seen.done("person") == 20 })
        #expect(self.seen.most("batch") == 2, "a quarter of eight")
        #expect(self.seen.done("batch") == 0)
        self.seen.open()
        #expect(await eventually { self.seen.done("batch") == 40 })
        #expect(self.seen.most("batch") == 2)
        try await run.stop()
    }

    @Test func `a provider that hangs with everything it has is nothing to another of the same process`() async throws {
        let host = try await BrokerHost.named("bulkheads")
        let topology = GatewayTopology(configuration: .init(), shards: 1)
        let worker = try self.worker(host, topology, providers: [.csn, .af]) { item in
            item.slot.provider == .csn ? "batch" : "person"
        }
        let run = RunningServices(worker)
        try await self.dispatch((0..<200).map { _ in self.work(.csn, question: 0) }, host, topology)
        #expect(await eventually { self.seen.running("batch") == 8 })
        try await self.dispatch((0..<200).map { _ in self.work(.af, question: 0) }, host, topology)
        #expect(await eventually { self.seen.done("person") == 200 })
        #expect(self.seen.done("batch") == 0)
        #expect(self.seen.most("batch") == 8)
        self.seen.open()
        #expect(await eventually { self.seen.done("batch") == 200 })
        try await run.stop()
    }

    /// Eight slots per provider; what `name` calls a batch waits until the test opens.
    private func worker(
        _ host: BrokerHost, _ topology: GatewayTopology, providers: [Provider],
        name: @escaping @Sendable (WorkItem) -> String
    ) throws -> [any Service] {
        let connections = host.connections(topology.shared, role: "worker", isShared: true)
        let transport = AMQPWorkerTransport(
            connections: connections, keyring: try self.keyring.keyring(AMQPWorkerTransport.lanes(providers)),
            clock: self.clock, automatedShare: 25)
        let seen = self.seen
        return connections.services
            + providers.map { provider in
                Receiving {
                    try await transport.receiveWork(for: provider, concurrency: 8) { item in
                        let name = name(item)
                        seen.began(name)
                        if name == "batch" { await seen.wait() }
                        seen.ended(name)
                        return nil
                    }
                }
            }
    }

    private func work(_ provider: Provider, question: Int, lane: WorkLane = .caseworker) -> WorkItem {
        WorkItem(
            transaction: .random(), slot: Slot(question: question, provider: provider), shard: 0,
            deadline: self.clock.now() + .seconds(90), remaining: .seconds(90), question: Array("<q/>".utf8),
            lane: lane)
    }

    private func dispatch(_ items: [WorkItem], _ host: BrokerHost, _ topology: GatewayTopology) async throws {
        let address = ReplyAddress("shs.reply.\(TransactionID.random().text)")
        var own = topology.shared
        own.merge(topology.reply(to: address))
        let connections = host.connections(own, role: "ingress")
        let run = RunningServices(connections.services)
        try await connections.publisher.waitUntilConnected(timeout: .seconds(20))
        let transport = AMQPIngressTransport(
            connections: connections, keyring: try self.keyring.keyring(AMQPIngressTransport.lanes),
            replyAddress: address, clock: self.clock)
        let manifest = try TransportFixture.manifest(
            items[0].transaction, deadline: self.clock.now() + .seconds(90), replyAddress: address)
        try await transport.dispatch(manifest, shard: 0, items: items)
        try await run.stop()
    }
}
