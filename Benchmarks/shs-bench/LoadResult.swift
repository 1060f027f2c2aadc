/// What one closed-loop run measured.
struct LoadResult {
    private(set) var completed = 0
    private(set) var failed = 0
    /// Seconds, from first to last request.
    private(set) var seconds = 0.0
    private var latencies: [Duration] = []
    private var replyBytes = 0

    var rate: Double { self.seconds > 0 ? Double(self.completed) / self.seconds : 0 }

    /// Bytes of a reply on average.
    var replySize: Int { self.completed > 0 ? self.replyBytes / self.completed : 0 }

    mutating func add(_ outcome: Sender.Outcome, after latency: Duration) {
        guard case .reply(let bytes) = outcome else { return self.failed += 1 }
        self.completed += 1
        self.replyBytes += bytes
        self.latencies.append(latency)
    }

    mutating func merge(_ other: LoadResult) {
        self.completed += other.completed
        self.failed += other.failed
        self.latencies += other.latencies
        self.replyBytes += other.replyBytes
    }

    /// Both together, as if one had followed the other at once.
    func followed(by other: LoadResult) -> LoadResult {
        var result = self
        result.merge(other)
        result.seconds += other.seconds
        result.latencies.sort()
        return result
    }

    func taking(_ time: Duration) -> LoadResult {
        var result = self
        result.seconds = time / .seconds(1)
        result.latencies.sort()
        return result
    }

    /// Milliseconds below which the given share of the requests was answered.
    func percentile(_ share: Double) -> Double {
        guard !self.latencies.isEmpty else { return 0 }
        let index = min(self.latencies.count - 1, Int(share * Double(self.latencies.count)))
        return self.latencies[index] / .milliseconds(1)
    }
}
