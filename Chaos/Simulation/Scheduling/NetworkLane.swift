import Gateway
import InMemoryTransport

/// What is on its way over one link in one direction: arrives in the order in which it was sent.
struct NetworkLane {
    struct Key: Hashable {
        let link: InMemoryLink
        let way: InMemoryWay
    }

    private struct Item {
        let moment: Timestamp
        let action: @Sendable () -> Void
    }

    let key: Key
    private var items: [Item] = []

    init(key: Key) {
        self.key = key
    }

    var isEmpty: Bool { self.items.isEmpty }
    var count: Int { self.items.count }
    /// When the first one arrives.
    var next: Timestamp? { self.items.first?.moment }

    /// Never before what was sent earlier.
    mutating func append(_ action: @escaping @Sendable () -> Void, at moment: Timestamp) {
        self.items.append(Item(moment: max(moment, self.items.last?.moment ?? moment), action: action))
    }

    mutating func removeFirst() -> (@Sendable () -> Void)? {
        self.items.isEmpty ? nil : self.items.removeFirst().action
    }

    mutating func keepFirst(_ count: Int) { self.items.removeLast(self.items.count - count) }
}
