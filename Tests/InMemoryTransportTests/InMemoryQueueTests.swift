import Synchronization
import Testing

@testable import InMemoryTransport

@Suite struct InMemoryQueueTests {
    /// What a consumer was given.
    private final class Consumer: Sendable {
        private let deliveries = Mutex<[InMemoryQueue<String>.Delivery]>([])

        var messages: [String] { self.deliveries.withLock { $0.map(\.message) } }
        var numbers: [UInt64] { self.deliveries.withLock { $0.map(\.number) } }
        func take(_ delivery: InMemoryQueue<String>.Delivery) { self.deliveries.withLock { $0.append(delivery) } }
    }

    private let first = Consumer()
    private let second = Consumer()

    private func queue(
        _ sharing: InMemoryQueue<String>.Sharing, limit: Int = 3, capacity: Int = .max
    ) -> InMemoryQueue<String> {
        var queue = InMemoryQueue<String>(sharing: sharing, deliveryLimit: limit)
        queue.attach(1, capacity: capacity, deliver: self.first.take)
        queue.attach(2, capacity: capacity, deliver: self.second.take)
        return queue
    }

    @Test func `work is shared out, never more than a consumer takes at a time`() {
        var queue = self.queue(.fair, capacity: 1)
        for message in ["a", "b", "c"] { queue.publish(message) }
        #expect(self.first.messages == ["a"])
        #expect(self.second.messages == ["b"])
        #expect(queue.readyCount == 1)
        #expect(queue.acknowledge(self.second.numbers[0], by: 2) != nil)
        #expect(self.second.messages == ["b", "c"])
        #expect(queue.acknowledge(self.second.numbers[0], by: 2) == nil)
    }

    @Test func `a single active consumer has everything until it is gone, then the next has it in the old order`() {
        var queue = self.queue(.singleActive)
        for message in ["a", "b", "c"] { queue.publish(message) }
        #expect(self.first.messages == ["a", "b", "c"])
        #expect(self.second.messages.isEmpty)
        #expect(queue.acknowledge(self.first.numbers[1], by: 1) != nil)
        #expect(queue.detach(1).isEmpty)
        #expect(self.second.messages == ["a", "c"])
        queue.publish("d")
        #expect(self.second.messages == ["a", "c", "d"])
        #expect(Set(self.first.numbers).isDisjoint(with: self.second.numbers))
    }

    @Test func `what was handed back comes again in its old place`() {
        var queue = self.queue(.fair, capacity: 1)
        for message in ["a", "b", "c", "d"] { queue.publish(message) }
        #expect(queue.handBack(self.first.numbers[0], by: 1).count == 0)
        #expect(self.first.messages == ["a", "a"])
        #expect(queue.readyCount == 2)
    }

    @Test func `what comes back too often is dead`() {
        var queue = InMemoryQueue<String>(sharing: .fair, deliveryLimit: 3)
        queue.attach(1, capacity: .max, deliver: self.first.take)
        queue.publish("a")
        for attempt in 0..<3 { #expect(queue.handBack(self.first.numbers[attempt], by: 1).count == 0) }
        #expect(queue.handBack(self.first.numbers[3], by: 1).count == 1)
        #expect(self.first.messages.count == 4)
        #expect(queue.readyCount + queue.heldCount == 0)
    }

    @Test func `a consumer that stops settles what it has and gets nothing more`() {
        var queue = self.queue(.fair)
        queue.publish("a")
        queue.stop(1)
        queue.publish("b")
        queue.publish("c")
        #expect(self.first.messages == ["a"])
        #expect(self.second.messages == ["b", "c"])
        #expect(queue.acknowledge(self.first.numbers[0], by: 1) != nil)
        #expect(queue.detach(1).isEmpty)
        #expect(queue.heldCount == 2)
    }

    @Test func `nobody settles what is not its own`() {
        var queue = self.queue(.fair)
        queue.publish("a")
        #expect(queue.acknowledge(self.first.numbers[0], by: 2) == nil)
        #expect(queue.acknowledge(99, by: 1) == nil)
        #expect(queue.handBack(99, by: 7).count == 0)
        #expect(queue.heldCount == 1)
    }
}
