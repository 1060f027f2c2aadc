import Gateway
import Logging
import Metrics
import Observability
import Trust

/// Says how current revocation lists and OCSP answers are: each change of a list's stage once in the log, all in the metrics.
struct RevocationWatch {
    private(set) var standing: RevocationStanding?

    /// - Returns: Whether something is other than at the last look.
    mutating func look(at snapshot: TrustSnapshot, now: Int64) -> Bool {
        let next = RevocationStanding(snapshot, at: now)
        guard next != self.standing else { return false }
        let (changed, gone) = next.changes(since: self.standing)
        for list in changed { Self.tell(list, stage: list.stage) }
        for list in gone { Self.tell(list, stage: "missing") }
        self.standing = next
        for stage in RevocationStage.allCases.map(\.rawValue) {
            let dimensions = [(MetricNames.Dimension.stage, stage)]
            Gauge(label: MetricNames.revocationLists, dimensions: dimensions)
                .record(next.lists.count { $0.stage == stage })
            Gauge(label: MetricNames.revocationAnswers, dimensions: dimensions).record(next.answers[stage] ?? 0)
        }
        return true
    }

    /// The gauge that time alone moves.
    static func measure(_ snapshot: TrustSnapshot, now: Int64) {
        if let first = snapshot.revocationLists.compactMap(\.nextUpdate).min() {
            Gauge(label: MetricNames.revocationSecondsLeft).record(first - now)
        }
    }

    private static func tell(_ list: RevocationStanding.List, stage: String) {
        Logger.gateway.log(
            level: stage == RevocationStage.fresh.rawValue ? .notice : .warning,
            "The stage of a revocation list changed",
            metadata: [
                LogKeys.issuer: .string(list.issuer), LogKeys.revocationStage: .string(stage),
                LogKeys.nextUpdate: .string(list.nextUpdate ?? "-"),
            ])
    }
}

extension RevocationStanding {
    init(_ snapshot: TrustSnapshot, at instant: Int64) {
        let policy = snapshot.policy
        self.init(
            lists: snapshot.revocationLists.map { entry in
                List(
                    issuer: entry.issuer, slot: entry.slot, file: entry.file, isDelta: entry.isDelta,
                    stage: entry.stage(at: instant, policy: policy).rawValue,
                    nextUpdate: entry.nextUpdate.map(TimeText.text))
            },
            answers: Dictionary(
                snapshot.answers.stages(at: instant, policy: policy).map { ($0.key.rawValue, $0.value) }
            ) { $1 })
    }
}
