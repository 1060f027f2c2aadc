/// Which publishes wait for the broker's answer, and what each of them is told.
///
/// Pure: it is given events and returns whom to tell what; a waiter is handed out exactly once. Publish numbers start
/// at 1 on every new channel in confirm mode and go up by one (the broker counts the same way). Times are durations
/// since any fixed moment.
struct ConfirmLedger<Waiter> {
    enum Outcome: Equatable, Sendable {
        case confirmed
        case rejected
        case returned(replyCode: Int)
        case timedOut
        case lost
    }

    struct Resolution {
        var waiter: Waiter
        var outcome: Outcome
    }

    private enum Slot {
        case waiting(Waiter, deadline: Duration)
        /// The waiter has its answer (too late, or returned), the broker's confirm is still to come.
        case told
        case answered
    }

    private var slots: [Slot] = []
    /// Slots before this index are all answered; they are removed in bulk.
    private var head = 0
    /// The publish number of `slots[head]`.
    private var headNumber: UInt64 = 1
    /// No waiting slot before this number has a deadline that has not been looked at.
    private var expiryNumber: UInt64 = 1

    /// Waiters that have no answer yet.
    private(set) var waitingCount = 0

    /// Waiters that were told without the broker's confirm, which may still come.
    private(set) var toldCount = 0

    /// Answers of the broker that named no publish of ours, or one that was answered already.
    private(set) var unexpectedAnswers = 0

    init() {}

    private var nextNumber: UInt64 { self.headNumber + UInt64(self.slots.count - self.head) }

    /// Takes note of the publish that is about to be written and returns its number.
    ///
    /// Register before you can be answered: call this before the write.
    mutating func sent(_ waiter: Waiter, deadline: Duration) -> UInt64 {
        let number = self.nextNumber
        self.slots.append(.waiting(waiter, deadline: deadline))
        self.waitingCount += 1
        return number
    }

    /// basic.ack.
    ///
    /// `multiple` covers all up to the number; 0 with `multiple` covers everything sent.
    mutating func acknowledged(_ number: UInt64, multiple: Bool, into resolutions: inout [Resolution]) {
        self.answered(number, multiple: multiple, outcome: .confirmed, into: &resolutions)
    }

    /// basic.nack.
    mutating func rejected(_ number: UInt64, multiple: Bool, into resolutions: inout [Resolution]) {
        self.answered(number, multiple: multiple, outcome: .rejected, into: &resolutions)
    }

    /// basic.return: no queue took it.
    ///
    /// The broker's ack follows and is then nobody's.
    mutating func returned(_ number: UInt64, replyCode: Int, into resolutions: inout [Resolution]) {
        guard let index = self.index(of: number), case .waiting(let waiter, _) = self.slots[index] else {
            self.unexpectedAnswers += 1
            return
        }
        self.tell(index)
        resolutions.append(Resolution(waiter: waiter, outcome: .returned(replyCode: replyCode)))
    }

    /// Tells everyone whose deadline has come.
    ///
    /// Deadlines are looked at in the order of the publishes.
    mutating func expire(at now: Duration, into resolutions: inout [Resolution]) {
        while let index = self.index(of: self.expiryNumber) {
            if case .waiting(let waiter, let deadline) = self.slots[index] {
                if deadline > now { return }
                self.tell(index)
                resolutions.append(Resolution(waiter: waiter, outcome: .timedOut))
            }
            self.expiryNumber += 1
        }
    }

    /// When `expire` has something to do next, at the earliest.
    mutating func nextDeadline() -> Duration? {
        while let index = self.index(of: self.expiryNumber) {
            if case .waiting(_, let deadline) = self.slots[index] { return deadline }
            self.expiryNumber += 1
        }
        return nil
    }

    /// The channel is gone: everyone who waits is told, and numbers start at 1 again.
    mutating func lost(into resolutions: inout [Resolution]) {
        for case .waiting(let waiter, _) in self.slots[self.head...] {
            resolutions.append(Resolution(waiter: waiter, outcome: .lost))
        }
        let unexpectedAnswers = self.unexpectedAnswers
        self = ConfirmLedger()
        self.unexpectedAnswers = unexpectedAnswers
    }

    private mutating func answered(
        _ number: UInt64, multiple: Bool, outcome: Outcome, into resolutions: inout [Resolution]
    ) {
        if !multiple {
            if !self.answer(number, outcome: outcome, into: &resolutions) { self.unexpectedAnswers += 1 }
        } else if number >= self.nextNumber {
            self.unexpectedAnswers += 1
        } else {
            let last = number == 0 ? self.nextNumber - 1 : number
            // An empty range is a multiple that covers only what was answered one by one: late, and harmless.
            var current = self.headNumber
            while current <= last {
                _ = self.answer(current, outcome: outcome, into: &resolutions)
                current += 1
            }
        }
        self.dropAnsweredHead()
    }

    /// False when the number is not one that the broker still owes an answer for.
    private mutating func answer(_ number: UInt64, outcome: Outcome, into resolutions: inout [Resolution]) -> Bool {
        guard let index = self.index(of: number) else { return false }
        switch self.slots[index] {
        case .waiting(let waiter, _):
            self.waitingCount -= 1
            resolutions.append(Resolution(waiter: waiter, outcome: outcome))
        case .told:
            self.toldCount -= 1
        case .answered:
            return false
        }
        self.slots[index] = .answered
        return true
    }

    private mutating func tell(_ index: Int) {
        self.slots[index] = .told
        self.waitingCount -= 1
        self.toldCount += 1
    }

    private func index(of number: UInt64) -> Int? {
        number >= self.headNumber && number < self.nextNumber
            ? self.head + Int(number - self.headNumber) : nil
    }

    private mutating func dropAnsweredHead() {
        while self.head < self.slots.count, case .answered = self.slots[self.head] {
            self.head += 1
            self.headNumber += 1
        }
        self.expiryNumber = max(self.expiryNumber, self.headNumber)
        // Moving the rest costs less than what was removed: constant work per publish.
        if self.head >= 256, self.head * 2 >= self.slots.count {
            self.slots.removeFirst(self.head)
            self.head = 0
        }
    }
}
