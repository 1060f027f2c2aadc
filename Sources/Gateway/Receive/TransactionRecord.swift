package import Logging
import Metrics
import Observability
import SHS

/// The one notice per transaction: who asked, how it ended, how long it took; never what was asked or said.
struct TransactionRecord: Sendable {
    var transaction: TransactionID?
    var party: String?
    var txID: String?
    var questions = 0
    var isRepeat = false
    /// What is known of who asks.
    var asker = Asker()
    /// Whether the record says that it was accepted.
    var isAccepted = false
    /// The transaction whose reply this one waits for.
    var joined: TransactionID?
    /// What was decided about the signature; nil when there was none to decide about.
    var verdict: VerdictSummary?

    func ended(_ outcome: IngressOutcome, after duration: Duration) {
        var metadata: Logger.Metadata = [LogKeys.duration: .stringConvertible(duration.wholeMilliseconds)]
        metadata[LogKeys.transaction] = self.transaction.map { .string($0.text) }
        metadata[LogKeys.party] = self.party.map { .string($0) }
        metadata[LogKeys.txID] = self.txID.flatMap { Self.isUUID($0) ? .string($0) : nil }
        if self.questions > 0 { metadata[LogKeys.questions] = .stringConvertible(self.questions) }
        if self.isRepeat { metadata[LogKeys.isRepeat] = "yes" }
        if let verdict, verdict.isNotable { metadata.merge(verdict.metadata) { $1 } }
        let name: String
        switch outcome {
        case .reply(_, let count):
            name = count.errors == 0 ? "complete" : "partial"
            metadata[LogKeys.sectionsData] = .stringConvertible(count.data)
            metadata[LogKeys.sectionsError] = .stringConvertible(count.errors)
        case .refused(let fault):
            name = "refused"
            metadata[LogKeys.fault] = .string(fault.rawValue)
            Counter(label: MetricNames.refusals, dimensions: [(MetricNames.Dimension.fault, fault.rawValue)])
                .increment()
        }
        metadata[LogKeys.outcome] = .string(name)
        Logger.gateway.notice("A transaction ended", metadata: metadata)
        Counter(label: MetricNames.transactions, dimensions: [(MetricNames.Dimension.outcome, name)]).increment()
        Timer(label: MetricNames.transactionDuration).recordMilliseconds(duration.wholeMilliseconds)
    }

    /// A sender may put anything into tx.id; only what looks like a UUID is fit for a log.
    static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
            }
        }
    }
}

extension VerdictSummary {
    /// As the log keeps it.
    package var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        metadata[LogKeys.trustReason] = self.reason.map { .string($0) }
        if !self.failed.isEmpty { metadata[LogKeys.trustFailed] = .string(self.failed.joined(separator: " ")) }
        if !self.warned.isEmpty { metadata[LogKeys.trustWarned] = .string(self.warned.joined(separator: " ")) }
        return metadata
    }
}
