import Foundation

/// How the memory of every process went while many requests passed through.
struct SoakReport: Encodable {
    /// One look at all processes.
    struct Sample: Encodable {
        /// Since the start.
        let seconds: Double
        /// Requests that had ended then.
        let done: Int
        let failed: Int
        let memoryMiB: [String: ProcessFigures.Memory]
    }

    /// Resident memory of one process in two tenths of the requests, in MiB, medians.
    struct Growth: Encodable {
        let role: String
        /// The first tenth is what a process needs to get warm.
        let secondTenth: Double
        let lastTenth: Double
        let peak: Double

        var percent: Double { self.secondTenth > 0 ? (self.lastTenth / self.secondTenth - 1) * 100 : .infinity }
    }

    let requests: Int
    let inFlight: Int
    private(set) var samples: [Sample] = []
    private(set) var growth: [Growth] = []
    var requestsPerSecond = 0.0
    var p50Milliseconds = 0.0
    var p99Milliseconds = 0.0
    var failures: [String: Int] = [:]

    init(requests: Int, inFlight: Int) {
        (self.requests, self.inFlight) = (requests, inFlight)
    }

    mutating func add(_ sample: Sample) { self.samples.append(sample) }

    /// - Returns: The roles of which nothing can be said, because there is no sample of theirs in one of the tenths.
    mutating func compare(_ roles: [String]) -> [String] {
        self.growth = roles.compactMap { role in
            guard let before = self.median(role, from: 0.1, to: 0.2), let after = self.median(role, from: 0.9, to: 1.01)
            else { return nil }
            let peak = self.samples.compactMap { $0.memoryMiB[role]?.peak }.max() ?? 0
            return Growth(role: role, secondTenth: before, lastTenth: after, peak: peak)
        }
        return roles.filter { role in !self.growth.contains { $0.role == role } }
    }

    private func median(_ role: String, from: Double, to: Double) -> Double? {
        let values = self.samples
            .filter { (from..<to).contains(Double($0.done) / Double(self.requests)) }
            .compactMap { $0.memoryMiB[role]?.now }.sorted()
        return values.isEmpty ? nil : values[values.count / 2]
    }
}
