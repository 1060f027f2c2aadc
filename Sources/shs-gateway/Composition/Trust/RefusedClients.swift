import Gateway
import Logging
import Metrics
import Observability
import Synchronization
import Trust

/// Says which client certificates are refused, and why; each once a minute, so that a client that tries on cannot flood
/// the log.
final class RefusedClients: Sendable {
    private struct Refusal: Hashable {
        let fingerprint: String
        let reason: String
    }

    /// Seconds.
    private static let pause: Int64 = 60
    /// Different refusals in a pause; further ones are only counted.
    private static let capacity = 100

    private let told = Mutex<[Refusal: Int64]>([:])

    func refused(_ verdict: CertificateVerdict, at instant: Int64) {
        let summary = verdict.summary
        let reason = summary.reason ?? "unknown"
        Counter(label: MetricNames.refusedClients, dimensions: [(MetricNames.Dimension.reason, reason)]).increment()
        self.tell("A client was refused", .notice, verdict, summary, at: instant)
    }

    /// Accepted, but something was found that configuration only warns of.
    func warned(_ verdict: CertificateVerdict, at instant: Int64) {
        self.tell("A client was accepted with a warning", .warning, verdict, verdict.summary, at: instant)
    }

    private func tell(
        _ sentence: Logger.Message, _ level: Logger.Level, _ verdict: CertificateVerdict, _ summary: VerdictSummary,
        at instant: Int64
    ) {
        let fingerprint = verdict.holder?.fingerprint
        let refusal = Refusal(fingerprint: fingerprint ?? "", reason: summary.reason ?? "")
        let isNews = self.told.withLock { told in
            told = told.filter { (0..<Self.pause).contains(instant - $0.value) }
            guard told[refusal] == nil, told.count < Self.capacity else { return false }
            told[refusal] = instant
            return true
        }
        guard isNews else { return }
        var metadata = summary.metadata
        metadata[LogKeys.fingerprint] = fingerprint.map { .string($0) }
        Logger.gateway.log(level: level, sentence, metadata: metadata)
    }
}
