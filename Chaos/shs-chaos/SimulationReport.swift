import Simulation

/// The figures of a run, for people.
struct SimulationReport {
    private let result: SimulationRun.Result
    private let duration: Duration

    init(_ result: SimulationRun.Result, after duration: Duration) {
        self.result = result
        self.duration = duration
    }

    var text: String {
        let figures = self.result.figures
        let seconds = Double(self.duration.components.seconds) + Double(self.duration.components.attoseconds) / 1e18
        let rate = Int(Double(self.result.seeds) / max(seconds, 0.001))
        return """
            seeds      \(self.result.seeds) in \(Int(seconds)) s, \(rate) a second: \(Self.list(self.result.themes))
            steps      \(figures.steps); events at connections and broker \(figures.events)
            faults     \(figures.faults.values.reduce(0, +)): \(Self.list(figures.faults))
            requests   \(figures.requests): \(figures.complete) complete, \(figures.partial) partial, \
            \(figures.refused.values.reduce(0, +)) refused (\(Self.list(figures.refused))), \(figures.broken) lost their ingress
            inside     base services asked \(figures.asked) times, \(figures.replies) replies published, \
            \(figures.deadLetters) dead letters
            failed     \(self.result.failures.count)
            """
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(
            separator: ", ")
    }
}
