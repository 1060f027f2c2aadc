/// Which deliveries of one channel are not settled yet, and the fewest acknowledgements that settle what is done.
///
/// Pure. A delivery is settled at most once: the broker closes the channel on a second settlement (406
/// PRECONDITION_FAILED), so doubles and strangers stop here.
struct DeliveryLedger {
    /// One frame to send.
    enum Settlement: Equatable {
        /// basic.ack; `multiple` also settles everything before the number.
        case acknowledge(UInt64, multiple: Bool)
        /// basic.reject.
        case reject(UInt64, requeue: Bool)
    }

    private enum Slot {
        case outstanding
        case acknowledged
        case settled
    }

    private var slots: [Slot] = []
    private var head = 0
    private var headNumber: UInt64 = 1
    /// Acknowledged by the user, not yet told to the broker.
    private var pending: [UInt64] = []
    private var rejects: [Settlement] = []

    private(set) var outstandingCount = 0

    init() {}

    /// The broker numbers the deliveries of a channel 1, 2, 3…; anything else is a protocol error: false.
    mutating func delivered(_ number: UInt64) -> Bool {
        guard number == self.headNumber + UInt64(self.slots.count - self.head) else { return false }
        self.slots.append(.outstanding)
        self.outstandingCount += 1
        return true
    }

    /// Done; told to the broker with the next `takeSettlements`.
    ///
    /// False when it was settled before.
    mutating func acknowledge(_ number: UInt64) -> Bool {
        guard self.settle(number, as: .acknowledged) else { return false }
        self.pending.append(number)
        return true
    }

    /// Given back, or refused for good.
    ///
    /// False when it was settled before.
    mutating func reject(_ number: UInt64, requeue: Bool) -> Bool {
        guard self.settle(number, as: .settled) else { return false }
        self.rejects.append(.reject(number, requeue: requeue))
        return true
    }

    /// What to send: rejections first, since a `multiple` covers whatever is not settled before it; then at most one
    /// `multiple` for the unbroken beginning, and single ones behind the first gap.
    mutating func takeSettlements() -> [Settlement] {
        var settlements = self.rejects
        self.rejects = []
        guard !self.pending.isEmpty else { return settlements }
        var last: UInt64?
        var count = 0
        scan: while self.head < self.slots.count {
            switch self.slots[self.head] {
            case .outstanding: break scan
            case .acknowledged:
                last = self.headNumber
                count += 1
            case .settled: break
            }
            self.head += 1
            self.headNumber += 1
        }
        if let last { settlements.append(.acknowledge(last, multiple: count > 1)) }
        for number in self.pending where number >= self.headNumber {
            self.slots[self.head + Int(number - self.headNumber)] = .settled
            settlements.append(.acknowledge(number, multiple: false))
        }
        self.pending.removeAll(keepingCapacity: true)
        if self.head >= 256, self.head * 2 >= self.slots.count {
            self.slots.removeFirst(self.head)
            self.head = 0
        }
        return settlements
    }

    private mutating func settle(_ number: UInt64, as slot: Slot) -> Bool {
        guard number >= self.headNumber, number < self.headNumber + UInt64(self.slots.count - self.head) else {
            return false
        }
        let index = self.head + Int(number - self.headNumber)
        guard case .outstanding = self.slots[index] else { return false }
        self.slots[index] = slot
        self.outstandingCount -= 1
        return true
    }
}
