import Gateway
import SHS
import Testing

@Suite(.timeLimit(.minutes(5))) struct PendingRepliesTests {
    private static let id = TransactionID("a")
    private static let reply = Reply(transaction: id, outcome: .message([1]), sections: SectionCount(data: 1))
    private let pending = PendingReplies()

    /// Starts so many waits and returns once all of them are in their place.
    private func waiters(_ count: Int) async -> [Task<PendingReplies.Wait, Never>] {
        let started = AsyncStream<Void>.makeStream()
        let tasks = (0..<count).map { _ in
            Task {
                started.continuation.yield()
                return await self.pending.wait(for: Self.id)
            }
        }
        var iterator = started.stream.makeAsyncIterator()
        for _ in 0..<count { await iterator.next() }
        return tasks
    }

    @Test func `a reply that comes before the wait is kept for it`() async {
        self.pending.reserve(Self.id)
        #expect(self.pending.received(Self.reply))
        #expect(await self.pending.wait(for: Self.id) == .reply(Self.reply))
        #expect(await self.pending.wait(for: Self.id) == .reply(Self.reply))
    }

    @Test func `a reply reaches all who wait`() async {
        self.pending.reserve(Self.id)
        let waiters = await self.waiters(5)
        #expect(self.pending.received(Self.reply))
        for waiter in waiters { #expect(await waiter.value == .reply(Self.reply)) }
    }

    @Test func `a second reply is nobody's`() async {
        self.pending.reserve(Self.id)
        #expect(self.pending.received(Self.reply))
        let second = Reply(transaction: Self.id, outcome: .fault(.internalError), sections: SectionCount())
        #expect(!self.pending.received(second))
        #expect(await self.pending.wait(for: Self.id) == .reply(Self.reply))
    }

    @Test func `a reply without a place is nobody's`() {
        #expect(!self.pending.received(Self.reply))
        self.pending.reserve(Self.id)
        self.pending.release(Self.id)
        #expect(!self.pending.received(Self.reply))
        #expect(self.pending.count == 0)
    }

    @Test func `an end before the wait is told to whoever comes`() async {
        self.pending.reserve(Self.id)
        self.pending.end(Self.id, because: .brokerUnavailable)
        #expect(!self.pending.received(Self.reply))
        #expect(await self.pending.wait(for: Self.id) == .ended(.brokerUnavailable))
    }

    @Test func `the first end counts, and none after a reply`() async {
        self.pending.reserve(Self.id)
        self.pending.end(Self.id, because: .brokerUnavailable)
        self.pending.end(Self.id, because: .noReplyInTime)
        #expect(await self.pending.wait(for: Self.id) == .ended(.brokerUnavailable))
        self.pending.reserve(Self.id)
        #expect(self.pending.received(Self.reply))
        self.pending.end(Self.id, because: .noReplyInTime)
        #expect(await self.pending.wait(for: Self.id) == .reply(Self.reply))
    }

    @Test func `an end reaches all who wait`() async {
        self.pending.reserve(Self.id)
        let waiters = await self.waiters(5)
        self.pending.endAll(because: .noReplyInTime)
        for waiter in waiters { #expect(await waiter.value == .ended(.noReplyInTime)) }
    }

    @Test func `a place that was given up is gone, also the second time`() async {
        self.pending.reserve(Self.id)
        let waiters = await self.waiters(2)
        self.pending.release(Self.id)
        self.pending.release(Self.id)
        // Whoever was in the place before it was given up is released as well.
        for waiter in waiters { #expect(await waiter.value == .gone) }
        #expect(await self.pending.wait(for: Self.id) == .gone)
    }

    @Test func `cancelling a waiting task does not lose the reply`() async {
        self.pending.reserve(Self.id)
        let waiters = await self.waiters(2)
        waiters[0].cancel()
        #expect(self.pending.received(Self.reply))
        for waiter in waiters { #expect(await waiter.value == .reply(Self.reply)) }
    }

    @Test func `of many racing events exactly one decides, and nobody is left waiting`() async {
        for round in 0..<200 {
            let id = TransactionID("race-\(round)")
            let reply = Reply(transaction: id, outcome: .message([2]), sections: SectionCount())
            self.pending.reserve(id)
            let (filed, waits) = await withTaskGroup(of: (Bool?, PendingReplies.Wait?).self) { group in
                for _ in 0..<4 {
                    group.addTask { (nil, await self.pending.wait(for: id)) }
                    group.addTask { (self.pending.received(reply), nil) }
                }
                group.addTask {
                    self.pending.end(id, because: .noReplyInTime)
                    return (nil, nil)
                }
                return await group.reduce(into: (0, [PendingReplies.Wait]())) { result, next in
                    if next.0 == true { result.0 += 1 }
                    if let wait = next.1 { result.1.append(wait) }
                }
            }
            #expect(waits.count == 4)
            #expect(Set(waits.map { "\($0)" }).count == 1, "all who wait are told the same")
            #expect(filed == (waits.first == .reply(reply) ? 1 : 0))
            self.pending.release(id)
        }
        #expect(self.pending.count == 0)
    }
}
