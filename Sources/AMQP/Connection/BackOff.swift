/// How long to wait before the next attempt: doubling from the minimum to the maximum, with jitter.
///
/// Jitter takes away up to half, so that processes that lost the same broker at the same moment do not come back at
/// the same moment. Randomness is a parameter.
struct BackOff {
    let minimum: Duration
    let maximum: Duration
    private var attempts = 0

    init(minimum: Duration, maximum: Duration) {
        self.minimum = minimum
        self.maximum = maximum
    }

    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        // 2^20 times the minimum is above every sensible maximum; the bound keeps the product finite.
        let doubled = self.minimum * (1 << min(self.attempts, 20))
        self.attempts += 1
        let ceiling = min(doubled, self.maximum)
        return ceiling * Double.random(in: 0.5...1, using: &generator)
    }

    /// After a success.
    mutating func reset() { self.attempts = 0 }
}
