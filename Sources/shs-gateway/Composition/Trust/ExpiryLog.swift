import Gateway
import Logging
import Metrics
import Observability
import Trust

/// Says in time what runs out: in the log once for each threshold, in the metrics always.
struct ExpiryLog: Sendable {
    /// Seconds between two looks when nothing happens meanwhile: for the metrics, which count whole days.
    private static let pause: Int64 = 60

    private var calendar = ExpiryCalendar()
    private var lastLook: (generation: Int, at: Int64, nextCrossing: Int64)?

    /// Looks when it is time to, and says what is new.
    mutating func look(at inventory: [InventoryEntry], generation: Int, now: Int64) {
        if let lastLook, lastLook.generation == generation, (0..<Self.pause).contains(now - lastLook.at),
            now < lastLook.nextCrossing
        {
            return
        }
        let byFingerprint = Dictionary(inventory.map { ($0.fingerprint, $0) }) { first, _ in first }
        // Lists live for days and are renewed without anybody: the service that fetches them says when one is missing.
        let certificates = inventory.filter { $0.kind != .revocationList }.map(\.expiring)
        self.lastLook = (
            generation, now, ExpiryCalendar.nextCrossing(of: certificates, after: now) ?? .max
        )
        for (expiring, threshold) in self.calendar.crossings(of: certificates, at: now) {
            guard let entry = byFingerprint[expiring.fingerprint] else { continue }
            Self.tell(entry, expiring, threshold, at: now)
        }
        for (kind, entries) in Dictionary(grouping: inventory, by: \.kind) {
            guard let days = entries.map({ $0.expiring.daysLeft(at: now) }).min() else { continue }
            Gauge(label: MetricNames.certificateDaysLeft, dimensions: [(MetricNames.Dimension.kind, kind.rawValue)])
                .record(days)
        }
    }

    private static func tell(
        _ entry: InventoryEntry, _ expiring: Expiring, _ threshold: ExpiryCalendar.Threshold, at now: Int64
    ) {
        Logger.gateway.log(
            level: threshold.isUrgent ? .error : .warning,
            threshold == .expired ? "A certificate has run out" : "A certificate runs out",
            metadata: [
                LogKeys.certificateKind: .string(entry.kind.rawValue),
                LogKeys.subject: .string(entry.subject),
                LogKeys.fingerprint: .string(entry.fingerprint),
                LogKeys.daysLeft: .stringConvertible(expiring.daysLeft(at: now)),
                LogKeys.threshold: .stringConvertible(threshold.rawValue),
            ])
    }
}

extension InventoryEntry {
    var expiring: Expiring { Expiring(fingerprint: self.fingerprint, notAfter: self.notAfter) }
}
