import Foundation

/// The one page at the end of a run, and the lines on the way to it.
struct Page: Sendable, Codable {
    struct Latency: Sendable, Codable {
        /// Seconds.
        let median, p99, longest: Double
    }

    /// How often one kind of fault was injected, and how long it took until all was well.
    struct Kind: Sendable, Codable {
        let kind: String
        let times: Int
        /// Seconds from the end of the fault.
        let medianRecovery, longestRecovery: Double
        /// Share of the requests sent meanwhile that were answered completely.
        let completeMeanwhile: Double
        let remarks: [String]
    }

    let seed: UInt64
    let rate: Double
    let seconds: Double
    let faults: Int
    let requests: Int
    let complete: Int
    let partial: Int
    let refused: Int
    let lost: Int
    let duplicated: Int
    let wrong: Int
    /// Answered later than their budget allows.
    let late: Int
    let repeated: Int
    let latency: Latency
    let refusals: [String: Int]
    let gaveUp: [String: Int]
    /// The first of what must not be, in words.
    let violations: [String]
    let kinds: [Kind]
    let injected: [InjectedFault]

    var isClean: Bool { self.lost == 0 && self.duplicated == 0 && self.wrong == 0 && self.late == 0 }

    init(seed: UInt64, rate: Double, _ entries: [Tally.Entry], _ faults: [InjectedFault]) {
        self.seed = seed
        self.rate = rate
        self.seconds = (entries.map(\.ended).max() ?? .zero) / .seconds(1)
        self.faults = faults.count
        self.requests = entries.count
        self.repeated = entries.count { $0.repeats > 0 }
        var (complete, partial, refused, lost, duplicated, wrong) = (0, 0, 0, 0, 0, 0)
        var (refusals, gaveUp): ([String: Int], [String: Int]) = ([:], [:])
        var violations: [String] = []
        for entry in entries {
            switch entry.outcome {
            case .complete: complete += 1
            case .partial(let failed):
                partial += 1
                for code in Set(failed.map { String($0.split(separator: " ").last ?? "") }) {
                    gaveUp[code, default: 0] += 1
                }
            case .refused(let code):
                refused += 1
                refusals[code, default: 0] += 1
            case .lost(let reason):
                lost += 1
                violations.append("sent at \(Self.seconds(entry.sent)), lost: \(reason)")
            case .duplicated(let reason):
                duplicated += 1
                violations.append("sent at \(Self.seconds(entry.sent)), duplicated: \(reason)")
            case .wrong(let reason):
                wrong += 1
                violations.append("sent at \(Self.seconds(entry.sent)), wrong: \(reason)")
            }
        }
        (self.complete, self.partial, self.refused) = (complete, partial, refused)
        (self.lost, self.duplicated, self.wrong) = (lost, duplicated, wrong)
        let late = entries.filter { $0.wait > Load.budget + Load.slack }
        self.late = late.count
        for entry in late { violations.append("sent at \(Self.seconds(entry.sent)), answered after \(entry.wait)") }
        (self.refusals, self.gaveUp) = (refusals, gaveUp)
        self.violations = Array(violations.prefix(50))
        let waits = entries.map { $0.wait / .seconds(1) }.sorted()
        func share(_ share: Double) -> Double {
            waits.isEmpty ? 0 : waits[min(waits.count - 1, Int(share * Double(waits.count)))]
        }
        self.latency = Latency(median: share(0.5), p99: share(0.99), longest: waits.last ?? 0)
        self.injected = faults
        self.kinds = FaultKind.allCases.map(\.rawValue).compactMap { kind in
            let same = faults.filter { $0.kind == kind }
            guard !same.isEmpty else { return nil }
            let recoveries = same.map { $0.recovery ?? Campaign.recoveryLimit / .seconds(1) }.sorted()
            return Kind(
                kind: kind, times: same.count, medianRecovery: recoveries[recoveries.count / 2],
                longestRecovery: recoveries[recoveries.count - 1],
                completeMeanwhile: Double(same.reduce(0) { $0 + $1.complete })
                    / Double(max(1, same.reduce(0) { $0 + $1.sent })),
                remarks: same.compactMap(\.remark))
        }
    }

    // MARK: For people

    var text: String {
        func row(_ name: String, _ value: String) -> String { Self.padded(name, 26) + value }
        func list(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
        }
        var lines = [
            "", "CHAOS: \(self.isClean ? "nothing lost, nothing doubled, nothing wrong" : "NOT CLEAN")", "",
            row("faults injected", "\(self.faults) of \(self.kinds.count) kinds, seed \(self.seed)"),
            row("time, rate", "\(Self.digits(self.seconds)) s, \(Self.digits(self.rate)) requests/s"),
            row("requests sent", "\(self.requests)"),
            row("complete", "\(self.complete)"),
            row("partial", "\(self.partial)   \(list(self.gaveUp))"),
            row("refused", "\(self.refused)   \(list(self.refusals))"),
            row("lost", "\(self.lost)"), row("duplicated", "\(self.duplicated)"), row("wrong", "\(self.wrong)"),
            row("late", "\(self.late)   (more than \(Load.budget) and \(Load.slack) for the way)"),
            row("sent again elsewhere", "\(self.repeated)   (their ingress was killed, paused or ended)"),
            row(
                "reply time",
                "median \(Self.digits(self.latency.median)) s, p99 \(Self.digits(self.latency.p99)) s, "
                    + "longest \(Self.digits(self.latency.longest)) s"),
            "",
            Self.padded("fault", 28) + "times  recovery median / longest   complete meanwhile",
        ]
        for kind in self.kinds {
            let recovery = "\(Self.digits(kind.medianRecovery)) s / \(Self.digits(kind.longestRecovery)) s"
            lines.append(
                Self.padded(kind.kind, 28) + Self.padded("\(kind.times)", 7) + Self.padded(recovery, 28)
                    + "\(Int(kind.completeMeanwhile * 100)) %")
            lines += kind.remarks.map { "    \($0)" }
        }
        if !self.violations.isEmpty { lines += [""] + self.violations.map { "! \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }

    static func line(_ fault: InjectedFault, number: Int, of count: Int, _ tally: Tally) -> String {
        let recovery = fault.recovery.map { "well again after \(Self.digits($0)) s" } ?? "NOT WELL AGAIN"
        let remark = fault.remark.map { "; \($0)" } ?? ""
        return "\(number)/\(count) at \(Self.digits(fault.start)) s: \(fault.kind) (\(fault.target)), "
            + "\(Self.digits(fault.end - fault.start)) s, \(fault.complete) of \(fault.sent) complete meanwhile, \(recovery)"
            + remark
    }

    static func seconds(_ duration: Duration) -> String { "\(self.digits(duration / .seconds(1))) s" }

    private static func digits(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func padded(_ text: String, _ width: Int) -> String {
        text.count < width ? text + String(repeating: " ", count: width - text.count) : text + " "
    }
}
