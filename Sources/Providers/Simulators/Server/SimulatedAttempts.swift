internal import Synchronization

/// Counts how many times each person was asked about, which is what makes behaviour reproducible under load.
final class SimulatedAttempts: Sendable {
    /// Beyond this many people the counting starts anew, so that a long run does not grow.
    static let maximumPeople = 100_000

    private let counts = Mutex<[String: Int]>([:])

    func next(for digits: String) -> Int {
        self.counts.withLock { counts in
            if counts.count >= Self.maximumPeople { counts.removeAll(keepingCapacity: true) }
            let attempt = counts[digits, default: 0]
            counts[digits] = attempt + 1
            return attempt
        }
    }
}
