/// Tasks that wait for the connection.
///
/// Pure, apart from the continuations it keeps.
///
/// A slot is reserved before its task waits, since the answer or the cancellation may come first; each continuation
/// leaves exactly once.
struct ConnectWaiters: Sendable {
    private enum Slot {
        case reserved
        case waiting(CheckedContinuation<Bool?, Never>)
        case answered(Bool)
    }

    private var slots: [Int: Slot] = [:]
    private var next = 0

    init() {}

    mutating func reserve(answer: Bool?) -> Int {
        self.next += 1
        self.slots[self.next] = answer.map { .answered($0) } ?? .reserved
        return self.next
    }

    /// The answer, when it came before the task waited.
    mutating func register(_ id: Int, _ continuation: CheckedContinuation<Bool?, Never>) -> Bool? {
        if case .answered(let answer)? = self.slots[id] {
            self.slots[id] = nil
            return answer
        }
        self.slots[id] = .waiting(continuation)
        return nil
    }

    /// Whom to resume, if anyone waits already.
    ///
    /// Later answers for the same slot change nothing.
    mutating func answer(_ id: Int, _ answer: Bool) -> CheckedContinuation<Bool?, Never>? {
        switch self.slots[id] {
        case .reserved:
            self.slots[id] = .answered(answer)
            return nil
        case .waiting(let continuation):
            self.slots[id] = nil
            return continuation
        case .answered, nil:
            return nil
        }
    }

    mutating func answerAll(_ answer: Bool) -> [CheckedContinuation<Bool?, Never>] {
        self.slots.keys.sorted().compactMap { self.answer($0, answer) }
    }
}
