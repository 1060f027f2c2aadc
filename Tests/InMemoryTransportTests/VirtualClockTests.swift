import Gateway
import GatewayFixtures
import InMemoryTransport
import Testing

@Suite(.timeLimit(.minutes(5))) struct VirtualClockTests {
    private let clock = VirtualClock(at: ManifestFixture.start)

    @Test func `sleepers wake when their time has come, and not before`() async throws {
        let woken = AsyncStream<Int>.makeStream()
        let outlet = woken.continuation
        let clock = self.clock
        let tasks = [3, 1, 2].map { seconds in
            Task {
                try await clock.sleep(until: ManifestFixture.start + .seconds(seconds))
                outlet.yield(seconds)
            }
        }
        var iterator = woken.stream.makeAsyncIterator()
        #expect(await eventually { clock.sleeperCount == 3 })
        #expect(clock.nextWakeUp == ManifestFixture.start + .seconds(1))
        clock.advance(by: .milliseconds(999))
        #expect(clock.sleeperCount == 3)
        clock.advance(by: .milliseconds(1))
        #expect(await iterator.next() == 1)
        #expect(clock.sleeperCount == 2)
        clock.advance(by: .seconds(60))
        for task in tasks { try await task.value }
        #expect(Set([await iterator.next(), await iterator.next()]) == [2, 3])
        #expect(clock.nextWakeUp == nil)
    }

    @Test func `a moment that has passed needs no sleep`() async throws {
        try await self.clock.sleep(until: ManifestFixture.start)
        try await self.clock.sleep(until: ManifestFixture.start - .seconds(1))
    }

    @Test func `a cancelled sleeper wakes with an error`() async {
        let task = Task { try await self.clock.sleep(until: ManifestFixture.start + .seconds(1)) }
        #expect(await eventually { self.clock.sleeperCount == 1 })
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(self.clock.sleeperCount == 0)
    }

    @Test func `the time never goes backwards`() {
        self.clock.advance(to: ManifestFixture.start - .seconds(5))
        #expect(self.clock.now() == ManifestFixture.start)
    }
}
