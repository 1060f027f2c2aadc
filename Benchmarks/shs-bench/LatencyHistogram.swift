import Foundation

/// Latencies of any number of requests in a fixed amount of memory, to within 5 %.
struct LatencyHistogram {
    /// Milliseconds at which the first bucket ends.
    private static let first = 0.1
    private static let factor = 1.05
    /// Up to five minutes.
    private var counts = [Int](repeating: 0, count: 310)
    private var total = 0

    mutating func add(_ latency: Duration) {
        let bucket = (log(max(latency / .milliseconds(1), Self.first) / Self.first) / log(Self.factor)).rounded(.up)
        self.counts[min(self.counts.count - 1, Int(bucket))] += 1
        self.total += 1
    }

    /// Milliseconds within which at least the given share was answered.
    func percentile(_ share: Double) -> Double {
        var seen = 0
        for (bucket, count) in self.counts.enumerated() {
            seen += count
            if Double(seen) >= share * Double(self.total) { return Self.first * pow(Self.factor, Double(bucket)) }
        }
        return 0
    }
}
