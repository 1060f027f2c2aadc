import Foundation

/// The figures of one run.
struct BenchReport: Encodable {
    /// One number of requests in flight.
    struct Level: Encodable {
        let inFlight: Int
        let requestsPerSecond: Double
        let p50Milliseconds: Double
        let p99Milliseconds: Double
        /// Summed over all processes, the broker included.
        let cpuMillisecondsPerRequest: Double
        let cpuMillisecondsByRole: [String: Double]
        let failed: Int
        /// Raw fan-out rounds per second with as many in flight, in the same run.
        let rawPerSecond: Double
        let ratio: Double

        init(inFlight: Int, result: LoadResult, cpuMilliseconds: [String: Double], rawRate: Double) {
            self.inFlight = inFlight
            self.requestsPerSecond = result.rate
            self.p50Milliseconds = result.percentile(0.5)
            self.p99Milliseconds = result.percentile(0.99)
            self.cpuMillisecondsPerRequest = cpuMilliseconds.values.reduce(0, +)
            self.cpuMillisecondsByRole = cpuMilliseconds
            self.failed = result.failed
            self.rawPerSecond = rawRate
            self.ratio = rawRate > 0 ? result.rate / rawRate : 0
        }

        var cpuLine: String {
            let roles = self.cpuMillisecondsByRole.sorted { $0.key < $1.key }
            return "   ms CPU/request by role: "
                + roles.map { "\($0.key) \($0.value.text(2))" }.joined(separator: ", ")
        }

        var line: String {
            "\(self.inFlight) in flight: \(self.requestsPerSecond.text(1)) requests/s, "
                + "p50 \(self.p50Milliseconds.text(1)) ms, p99 \(self.p99Milliseconds.text(1)) ms, "
                + "\(self.cpuMillisecondsPerRequest.text(1)) ms CPU/request, \(self.failed) failed; "
                + "raw fan-out \(self.rawPerSecond.text(1))/s, ratio \(self.ratio.text(2))"
        }
    }

    let levels: [Level]
    let peakMemoryMiB: [String: Double]

    var memoryLines: String {
        let roles = self.peakMemoryMiB.sorted { $0.key < $1.key }
        return "peak memory (MiB): " + roles.map { "\($0.key) \(Int($0.value.rounded()))" }.joined(separator: ", ")
    }
}
