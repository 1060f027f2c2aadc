/// Counts what happened within a time, in ten slices: memory does not depend on how much it was.
struct SlidingWindow: Sendable {
    private struct Slice {
        var number: Int64 = -1
        var failed = 0
        var all = 0
    }

    private static let count: Int64 = 10
    private let length: Duration
    private var origin: ContinuousClock.Instant?
    private var slices = [Slice](repeating: Slice(), count: Int(count))

    init(_ time: Duration) { self.length = time / Int(Self.count) }

    mutating func add(failed: Bool, at now: ContinuousClock.Instant) {
        let number = self.number(at: now)
        let index = Int(number % Self.count)
        if self.slices[index].number != number { self.slices[index] = Slice(number: number) }
        self.slices[index].all += 1
        if failed { self.slices[index].failed += 1 }
    }

    /// What is not older than the time, to the precision of a slice.
    mutating func counts(at now: ContinuousClock.Instant) -> (failed: Int, all: Int) {
        let number = self.number(at: now)
        return self.slices.reduce(into: (0, 0)) { counts, slice in
            guard slice.number >= 0, number - slice.number < Self.count else { return }
            counts.0 += slice.failed
            counts.1 += slice.all
        }
    }

    private mutating func number(at now: ContinuousClock.Instant) -> Int64 {
        let origin = self.origin ?? now
        self.origin = origin
        return max(0, Int64((now - origin) / self.length))
    }
}
