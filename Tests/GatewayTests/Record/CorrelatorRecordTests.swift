import Gateway
import GatewayFixtures
import InMemoryTransport
import SHS
import SSBTEK
import Testing

/// A reply leaves only when it is written, and the record says when its content was discarded.
@Suite(.timeLimit(.minutes(5))) struct CorrelatorRecordTests {
    private let clock = VirtualClock(at: ManifestFixture.start)
    private let record = MemoryRecord()
    private let transport = RecordingCorrelatorTransport()
    private let fixture = ManifestFixture("a")

    private func run(_ body: () async throws -> Void) async throws {
        let correlator = Correlator(
            configuration: CorrelateConfiguration(), transport: self.transport, assembler: .fixture(),
            clock: self.clock, record: self.record)
        let running = Task { try await correlator.run() }
        try await body()
        self.transport.shutDown()
        try await running.value
    }

    private func deliver() {
        self.transport.send(.manifest(self.fixture.manifest, DeliveryID(shard: 0, number: 1)))
        self.transport.send(.answer(self.fixture.answer(.af), DeliveryID(shard: 0, number: 2)))
        self.transport.send(.answer(self.fixture.answer(.csn), DeliveryID(shard: 0, number: 3)))
    }

    @Test func `a reply is written before it is sent, and its discarding afterwards`() async throws {
        self.record.take { [transport] event in
            event.name == "replying" ? transport.published.isEmpty : transport.acknowledged.count == 3
        }
        try await self.run {
            self.deliver()
            #expect(await eventually { self.record.events.count == 2 })
        }
        #expect(
            self.record.events == [
                .replying(TransactionID("a"), isComplete: true, SectionCount(data: 2)),
                .discarded(TransactionID("a"), .complete),
            ])
    }

    @Test func `while nothing can be written no reply is sent and nothing acknowledged; afterwards all is`()
        async throws
    {
        self.record.setAvailable(false)
        try await self.run {
            self.deliver()
            for _ in 0..<20 {
                _ = await eventually(within: .milliseconds(50)) { self.clock.sleeperCount > 0 }
                self.clock.advance(by: .milliseconds(20))
            }
            #expect(self.transport.published.isEmpty && self.transport.acknowledged.isEmpty)
            self.record.setAvailable(true)
            for _ in 0..<1_000 where self.transport.acknowledged.count < 3 {
                _ = await eventually(within: .milliseconds(50)) { self.clock.sleeperCount > 0 }
                self.clock.advance(by: .milliseconds(20))
            }
        }
        #expect(self.transport.published.count == 1)
        #expect(self.record.names == ["replying", "discarded"])
    }

    @Test func `what comes late, broken or not at all is written as a deviation`() async throws {
        try await self.run {
            self.deliver()
            #expect(await eventually { self.transport.acknowledged.count == 3 })
            self.transport.send(.answer(self.fixture.answer(.csn), DeliveryID(shard: 0, number: 4)))
            self.transport.send(.poison(DeliveryID(shard: 0, number: 5)))
            self.transport.send(.shardLost(3))
            #expect(await eventually { self.record.events.count == 5 })
        }
        #expect(
            self.record.events.suffix(3) == [
                .deviation(Deviation(.discardedUnused, transaction: TransactionID("a"), reason: "late", count: 1)),
                .deviation(Deviation(.discardedUnused, reason: "poison", count: 1)),
                .deviation(Deviation(.shardLost, reason: "3")),
            ])
    }
}
