import Gateway

/// A queue with explicit settlement, as a quorum queue has it: what a lost consumer held comes back in its old order, and
/// what comes back too often becomes a dead letter.
struct InMemoryQueue<Message: Sendable>: Sendable {
    /// One handing over of a message; its number is never used again.
    struct Delivery: Sendable {
        let number: UInt64
        let message: Message
    }

    /// Who of several consumers gets the next message.
    enum Sharing: Sendable {
        /// The one that holds least, the first among equals.
        case fair
        /// The one that came first, until it is gone (single active consumer).
        case singleActive
    }

    private struct Entry {
        var position: UInt64
        let message: Message
        /// A message that somebody holds does not expire.
        let expiresAt: Timestamp?
        var returns = 0
    }

    private struct Consumer {
        let id: UInt64
        var capacity: Int
        let deliver: @Sendable (Delivery) -> Void
        var held: [UInt64: Entry] = [:]
    }

    /// Publishes beyond so many waiting messages are refused (reject-publish).
    var maximumLength = Int.max
    private let sharing: Sharing
    private let deliveryLimit: Int
    /// By position.
    private var ready: [Entry] = []
    /// In the order of their arrival.
    private var consumers: [Consumer] = []
    private var lastPosition: UInt64 = 0
    private var lastNumber: UInt64 = 0

    init(sharing: Sharing, deliveryLimit: Int) {
        self.sharing = sharing
        self.deliveryLimit = deliveryLimit
    }

    var readyCount: Int { self.ready.count }
    var heldCount: Int { self.consumers.reduce(0) { $0 + $1.held.count } }
    var isFull: Bool { self.ready.count >= self.maximumLength }

    mutating func publish(_ message: Message, expiresAt: Timestamp? = nil) {
        self.lastPosition += 1
        self.ready.append(Entry(position: self.lastPosition, message: message, expiresAt: expiresAt))
        self.handOut()
    }

    mutating func attach(_ id: UInt64, capacity: Int, deliver: @escaping @Sendable (Delivery) -> Void) {
        self.consumers.append(Consumer(id: id, capacity: capacity, deliver: deliver))
        self.handOut()
    }

    /// The consumer gets nothing more, and settles what it has.
    mutating func stop(_ id: UInt64) {
        guard let index = self.consumers.firstIndex(where: { $0.id == id }) else { return }
        self.consumers[index].capacity = 0
    }

    /// The consumer is gone; returns the messages that became dead letters thereby.
    mutating func detach(_ id: UInt64) -> [Message] {
        guard let index = self.consumers.firstIndex(where: { $0.id == id }) else { return [] }
        let consumer = self.consumers.remove(at: index)
        let dead = self.takeBack(consumer.held.values.sorted { $0.position < $1.position })
        self.handOut()
        return dead
    }

    /// Nil when the consumer does not hold it (any more).
    mutating func acknowledge(_ number: UInt64, by id: UInt64) -> Message? {
        guard let entry = self.release(number, by: id) else { return nil }
        self.handOut()
        return entry.message
    }

    /// Back to its old place; returns the message when it became a dead letter thereby.
    mutating func handBack(_ number: UInt64, by id: UInt64) -> [Message] {
        guard let entry = self.release(number, by: id) else { return [] }
        let dead = self.takeBack([entry])
        self.handOut()
        return dead
    }

    func hasExpired(at now: Timestamp) -> Bool { self.ready.first?.expiresAt.map { $0 <= now } ?? false }

    /// Takes out what has expired at the head; what stands behind one that has not waits for its turn.
    mutating func expire(at now: Timestamp) -> [Message] {
        let count = self.ready.prefix { $0.expiresAt.map { $0 <= now } ?? false }.count
        guard count > 0 else { return [] }
        defer { self.ready.removeFirst(count) }
        return self.ready.prefix(count).map(\.message)
    }

    /// Mixes what waits, as when several consumers give back what they held.
    mutating func shuffle(using generator: inout some RandomNumberGenerator) {
        let positions = self.ready.map(\.position)
        self.ready.shuffle(using: &generator)
        for index in self.ready.indices { self.ready[index].position = positions[index] }
    }

    /// Everything that is in it, waiting or held: for the end of the queue.
    var messages: [Message] {
        self.ready.map(\.message) + self.consumers.flatMap { $0.held.sorted { $0.key < $1.key }.map(\.value.message) }
    }

    private mutating func release(_ number: UInt64, by id: UInt64) -> Entry? {
        guard let index = self.consumers.firstIndex(where: { $0.id == id }) else { return nil }
        return self.consumers[index].held.removeValue(forKey: number)
    }

    private mutating func takeBack(_ entries: [Entry]) -> [Message] {
        var dead: [Message] = []
        for var entry in entries {
            entry.returns += 1
            if entry.returns > self.deliveryLimit {
                dead.append(entry.message)
            } else {
                self.ready.append(entry)
            }
        }
        self.ready.sort { $0.position < $1.position }
        return dead
    }

    private mutating func handOut() {
        var handed = 0
        while handed < self.ready.count, let index = self.nextConsumer() {
            let entry = self.ready[handed]
            handed += 1
            self.lastNumber += 1
            self.consumers[index].held[self.lastNumber] = entry
            self.consumers[index].deliver(Delivery(number: self.lastNumber, message: entry.message))
        }
        if handed > 0 { self.ready.removeFirst(handed) }
    }

    private func nextConsumer() -> Int? {
        switch self.sharing {
        case .singleActive:
            guard let first = self.consumers.first, first.held.count < first.capacity else { return nil }
            return 0
        case .fair:
            return self.consumers.indices.filter { self.consumers[$0].held.count < self.consumers[$0].capacity }
                .min { self.consumers[$0].held.count < self.consumers[$1].held.count }
        }
    }
}
