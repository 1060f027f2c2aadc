import Foundation

/// What was measured while the crowd sent so much.
struct OverloadPhase {
    /// What the crowd sends.
    enum Load {
        case alone
        case atLimit
        case beyond

        /// Times its limit that each party sends.
        var times: Int {
            switch self {
            case .alone: 0
            case .atLimit: 1
            case .beyond: Overload.factor
            }
        }

        var name: String {
            switch self {
            case .alone: "alone"
            case .atLimit: "others at their limits"
            case .beyond: "others at \(Overload.factor) times"
            }
        }
    }

    /// Processor seconds.
    struct Cost {
        var gateway: [String: Double] = [:]
        var generator = 0.0
        /// Of the whole machine: worked, and all there were.
        var machine = (busy: 0.0, all: 0.0)

        /// What neither the gateway nor the generator used: should be little, or the figures are of something else too.
        var elsewhere: Double { max(0, self.machine.busy - self.generator - self.gateway.values.reduce(0, +)) }

        /// Between two moments; what was running elsewhere on the machine is in its figures.
        static func measured(
            from start: ContinuousClock.Instant, to end: ContinuousClock.Instant, _ figures: ProcessFigures,
            generators: [Int32]
        ) async -> Cost {
            func now() -> Cost {
                Cost(
                    gateway: figures.cpuSeconds(),
                    generator: generators.map(ProcessFigures.cpuSeconds(of:)).reduce(0, +),
                    machine: ProcessFigures.machineSeconds())
            }
            // Both throw only when cancelled.
            try? await ContinuousClock().sleep(until: start)
            let before = now()
            try? await ContinuousClock().sleep(until: end)
            let after = now()
            return Cost(
                gateway: after.gateway.merging(before.gateway) { $0 - $1 },
                generator: after.generator - before.generator,
                machine: (after.machine.busy - before.machine.busy, after.machine.all - before.machine.all))
        }

        func followed(by other: Cost) -> Cost {
            Cost(
                gateway: self.gateway.merging(other.gateway) { $0 + $1 },
                generator: self.generator + other.generator,
                machine: (self.machine.busy + other.machine.busy, self.machine.all + other.machine.all))
        }
    }

    let load: Load
    private(set) var one: PartyResult
    private(set) var others: PartyResult
    private(set) var cost: Cost
    private(set) var time: Duration

    init(load: Load, one: PartyResult, others: PartyResult, cost: Cost, time: Duration) {
        (self.load, self.one, self.others, self.cost, self.time) = (load, one, others, cost, time)
    }

    /// Both together, as if one had followed the other at once.
    func followed(by other: OverloadPhase) -> OverloadPhase {
        var result = self
        result.one.merge(other.one)
        result.others.merge(other.others)
        result.cost = self.cost.followed(by: other.cost)
        result.time += other.time
        return result
    }

    var sentPerSecond: Double { Double(self.others.sent) / self.seconds }
    var acceptedPerSecond: Double { Double(self.others.accepted) / self.seconds }

    var line: String {
        let one = self.one
        var line =
            "\(self.load.name): the one: \(one.accepted) answered, p50 \(one.latency(0.5).text(1)) ms, "
            + "p99 \(one.latency(0.99).text(1)) ms, \(one.refused) refused, \(Self.failures(one)); "
            + "sent \(one.delay(0.99).text(1)) ms late (p99)"
        if self.load != .alone {
            line +=
                "\n   the others: \(self.sentPerSecond.text(0))/s sent, \(self.acceptedPerSecond.text(1))/s accepted, "
                + "p99 \(self.others.latency(0.99).text(1)) ms, \(self.others.refused) times 429, "
                + "\(Self.failures(self.others)); sent \(self.others.delay(0.99).text(1)) ms late (p99)"
        }
        let busy = self.cost.machine.all > 0 ? self.cost.machine.busy / self.cost.machine.all * 100 : 0
        var cores = self.cost.gateway.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        cores += [("generator", self.cost.generator), ("anything else", self.cost.elsewhere)]
        return line + "\n   processors: \(busy.text(0)) % of the machine; in cores: "
            + cores.map { "\($0.0) \(($0.1 / self.seconds).text(2))" }.joined(separator: ", ")
    }

    private var seconds: Double { max(0.001, self.time / .seconds(1)) }

    private static func failures(_ result: PartyResult) -> String {
        guard result.failed > 0 else { return "0 failed" }
        let kinds = result.others.sorted { $0.key < $1.key }.map { "\($0.value) times \($0.key)" }
        return "\(result.failed) FAILED (\(kinds.joined(separator: ", ")))"
    }
}
