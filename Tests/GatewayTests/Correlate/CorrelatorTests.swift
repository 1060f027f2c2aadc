import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK
import Testing

/// The shell around the decisions: what is signed, published, tried again and acknowledged.
@Suite(.timeLimit(.minutes(5))) struct CorrelatorTests {
    private let clock = VirtualClock(at: ManifestFixture.start)

    /// Runs a correlator while `body` plays the broker, and shuts it down gracefully afterwards.
    private func run(
        _ transport: RecordingCorrelatorTransport, signer: any MessageSigning = EmptySigner(),
        _ body: () async throws -> Void
    ) async throws {
        let correlator = Correlator(
            configuration: CorrelateConfiguration(), transport: transport, assembler: .fixture(signer: signer),
            clock: self.clock)
        let running = Task { try await correlator.run() }
        try await body()
        transport.shutDown()
        try await running.value
    }

    private func deliver(_ fixture: ManifestFixture, to transport: RecordingCorrelatorTransport) {
        transport.send(.manifest(fixture.manifest, DeliveryID(shard: 0, number: 1)))
        transport.send(.answer(fixture.answer(.af), DeliveryID(shard: 0, number: 2)))
        transport.send(.answer(fixture.answer(.csn), DeliveryID(shard: 0, number: 3)))
    }

    @Test func `a complete transaction is replied to, then acknowledged`() async throws {
        let transport = RecordingCorrelatorTransport()
        try await self.run(transport) {
            self.deliver(ManifestFixture("a"), to: transport)
            #expect(await eventually { transport.acknowledged.count == 3 })
        }
        let reply = try #require(transport.published.first)
        #expect(transport.published.count == 1)
        #expect(transport.addresses == [ReplyAddress("reply.1")])
        #expect(reply.sections == SectionCount(data: 2, errors: 0))
        guard case .message(let entity) = reply.outcome else {
            Issue.record("a reply was expected")
            return
        }
        #expect((try? SignedEntity.read(entity: entity)) != nil)
    }

    @Test func `while the key is away nothing is acknowledged, and when it is back the whole reply is signed`()
        async throws
    {
        let transport = RecordingCorrelatorTransport()
        let signer = AbsentSigner(failures: 3)
        try await self.run(transport, signer: signer) {
            self.deliver(ManifestFixture("a"), to: transport)
            for _ in 0..<1_000 where transport.published.isEmpty {
                #expect(transport.acknowledged.isEmpty)
                _ = await eventually(within: .milliseconds(50)) { self.clock.sleeperCount > 0 }
                self.clock.advance(by: .milliseconds(20))
            }
            #expect(await eventually { transport.acknowledged.count == 3 })
        }
        #expect(signer.attempts == 4)
        #expect(transport.published.map(\.sections) == [SectionCount(data: 2, errors: 0)])
        guard case .message? = transport.published.first?.outcome else {
            Issue.record("a reply was expected")
            return
        }
    }

    @Test func `nothing is acknowledged while the reply is not confirmed, and it is tried again after a pause`()
        async throws
    {
        let transport = RecordingCorrelatorTransport(errors: [.unconfirmed, .unavailable])
        try await self.run(transport) {
            self.deliver(ManifestFixture("a"), to: transport)
            for _ in 0..<1_000 where transport.published.isEmpty {
                #expect(transport.acknowledged.isEmpty)
                _ = await eventually(within: .milliseconds(50)) { self.clock.sleeperCount > 0 }
                self.clock.advance(by: .milliseconds(20))
            }
            #expect(await eventually { transport.acknowledged.count == 3 })
        }
        #expect(transport.published.count == 1)
        #expect(self.clock.now() >= ManifestFixture.start + CorrelateConfiguration().retryAfter * 2)
    }

    @Test func `a recipient that is gone needs no reply, and the others get theirs`() async throws {
        let transport = RecordingCorrelatorTransport(errors: [.unreachable])
        try await self.run(transport) {
            transport.send(.manifest(ManifestFixture("a").manifest, DeliveryID(shard: 0, number: 1)))
            transport.send(.manifest(ManifestFixture("b").manifest, DeliveryID(shard: 0, number: 4)))
            transport.send(.answer(ManifestFixture("a").answer(.af), DeliveryID(shard: 0, number: 2)))
            transport.send(.answer(ManifestFixture("b").answer(.csn), DeliveryID(shard: 0, number: 3)))
            #expect(await eventually { transport.acknowledged.count == 4 })
        }
        #expect(transport.published.map(\.transaction.text) == ["b"])
    }

    @Test func `a reply that cannot be signed is told as our own fault`() async throws {
        let transport = RecordingCorrelatorTransport()
        try await self.run(transport, signer: EmptySigner(fails: true)) {
            self.deliver(ManifestFixture("a"), to: transport)
            #expect(await eventually { transport.acknowledged.count == 3 })
        }
        #expect(transport.published.map(\.outcome) == [.fault(.internalError)])
    }

    @Test func `at the deadline the reply is made of what is there`() async throws {
        let transport = RecordingCorrelatorTransport()
        try await self.run(transport) {
            let fixture = ManifestFixture("a")
            transport.send(.manifest(fixture.manifest, DeliveryID(shard: 0, number: 1)))
            transport.send(.answer(fixture.answer(.af), DeliveryID(shard: 0, number: 2)))
            transport.send(.poison(DeliveryID(shard: 0, number: 9)))
            // The poison is last in order: when it is settled, the others have been taken.
            #expect(await eventually { transport.acknowledged.count == 1 && self.clock.sleeperCount == 1 })
            self.clock.advance(to: fixture.deadline)
            #expect(await eventually { transport.acknowledged.count == 3 })
        }
        #expect(transport.published.map(\.sections) == [SectionCount(data: 1, errors: 1)])
    }

    @Test func `what is still held at shutdown is left to the next one`() async throws {
        let transport = RecordingCorrelatorTransport()
        try await self.run(transport) {
            transport.send(.manifest(ManifestFixture("a").manifest, DeliveryID(shard: 0, number: 1)))
            transport.send(.answer(ManifestFixture("a").answer(.af), DeliveryID(shard: 0, number: 2)))
        }
        #expect(transport.acknowledged.isEmpty)
        #expect(transport.published.isEmpty)
    }

    @Test func `many transactions at once each get their one reply`() async throws {
        let transport = RecordingCorrelatorTransport()
        try await self.run(transport) {
            for number in 0..<UInt64(60) {
                var fixture = ManifestFixture("t\(number)")
                fixture.txID = "tx-\(number)"
                for (index, event) in [0, 1, 2].enumerated() {
                    let id = DeliveryID(shard: 0, number: number * 3 + UInt64(index))
                    switch event {
                    case 0: transport.send(.answer(fixture.answer(.csn), id))
                    case 1: transport.send(.manifest(fixture.manifest, id))
                    default: transport.send(.answer(fixture.answer(.af), id))
                    }
                }
            }
            #expect(await eventually { transport.acknowledged.count == 180 })
        }
        #expect(Set(transport.published.map(\.transaction)).count == 60)
        #expect(Set(transport.acknowledged).count == 180)
    }
}
