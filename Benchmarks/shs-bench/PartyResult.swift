/// What became of one party's requests, of those that count.
struct PartyResult: Codable {
    /// Answered with a reply.
    private(set) var accepted = 0
    /// Answered 429.
    private(set) var refused = 0
    /// Everything else, by what it was.
    private(set) var others: [String: Int] = [:]
    /// From the moment at which an accepted request was to be sent until its whole reply was there.
    private var latencies: [Duration] = []
    /// How much later than that moment a request was really sent: the generator's own share of the latency.
    private var delays: [Duration] = []

    var sent: Int { self.accepted + self.refused + self.failed }
    var failed: Int { self.others.values.reduce(0, +) }

    mutating func add(_ outcome: Sender.Outcome, after latency: Duration, delay: Duration) {
        self.delays.append(delay)
        switch outcome {
        case .reply:
            self.accepted += 1
            self.latencies.append(latency)
        case .refused: self.refused += 1
        case .other(let what): self.others[what, default: 0] += 1
        }
    }

    mutating func merge(_ other: PartyResult) {
        self.accepted += other.accepted
        self.refused += other.refused
        self.others.merge(other.others) { $0 + $1 }
        self.latencies += other.latencies
        self.delays += other.delays
    }

    /// Milliseconds within which the given share of the accepted requests was answered.
    func latency(_ share: Double) -> Double { Self.percentile(share, of: self.latencies) }

    /// Milliseconds by which the given share of all requests was late at most.
    func delay(_ share: Double) -> Double { Self.percentile(share, of: self.delays) }

    private static func percentile(_ share: Double, of values: [Duration]) -> Double {
        guard !values.isEmpty else { return 0 }
        return values.sorted()[min(values.count - 1, Int(share * Double(values.count)))] / .milliseconds(1)
    }
}
