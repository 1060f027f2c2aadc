import Providers
import Synchronization

/// Injects the faults of a schedule one after the other under load, and waits after each until all is well again.
struct Campaign: Sendable {
    /// How long a fault lasts, unless its own doing takes longer: within a request's time, so that both sides of a
    /// deadline are met.
    static let duration = Duration.seconds(4)
    /// Until when everything has to be well again after a fault: a broker node that paused itself comes back after 12 s.
    static let recoveryLimit = Duration.seconds(90)
    /// So many requests in a row, sent after the fault, have to be answered completely.
    static let series = 15

    let cluster: Cluster
    let load: Load
    let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - minimum: requests to send in all; the load goes on until there are as many.
    ///   - faults: what was injected, also when it throws.
    func run(_ schedule: Schedule, minimum: Int, into faults: inout [InjectedFault]) async throws {
        var generator = schedule.generator
        let injector = Injector(cluster: self.cluster, load: self.load)
        for kind in schedule.kinds {
            let fault = try await self.inject(kind, injector, &generator)
            faults.append(fault)
            self.say(Page.line(fault, number: faults.count, of: schedule.kinds.count, self.load.tally))
            for member in self.cluster.members + [self.cluster.simulators] where member.hasCrashed {
                throw ClusterFailure("\(member.name) has ended by itself; its log is \(member.log)")
            }
            guard fault.recovery != nil else {
                throw ClusterFailure("no series of complete replies within \(Self.recoveryLimit) after \(fault.kind)")
            }
        }
        while self.load.sent < minimum { try await Task.sleep(for: .milliseconds(200)) }
    }

    private func inject(
        _ kind: FaultKind, _ injector: Injector, _ generator: inout SeededGenerator
    ) async throws -> InjectedFault {
        let tally = self.load.tally
        let start = tally.now
        let applied = try await injector.apply(kind, using: &generator)
        let rest = Self.duration - (tally.now - start)
        if rest > .zero { try await Task.sleep(for: rest) }
        try await applied.undo()
        let end = tally.now
        let recovery = try await self.waitForSeries(after: end)
        var fault = InjectedFault(
            kind: kind.rawValue, target: applied.target, start: start / .seconds(1), end: end / .seconds(1),
            remark: applied.remark)
        let after = tally.since(start)
        fault.firstCompleteAfterStart = after.filter { $0.outcome == .complete }.map { $0.ended - start }.min()
            .map { $0 / .seconds(1) }
        fault.firstCompleteAfterEnd = after.filter { $0.outcome == .complete && $0.ended >= end }
            .map { $0.ended - end }.min().map { $0 / .seconds(1) }
        fault.recovery = recovery.map { $0 / .seconds(1) }
        let during = after.filter { $0.sent < end }
        (fault.sent, fault.complete) = (during.count, during.count { $0.outcome == .complete })
        return fault
    }

    /// From `end` to when the first request of a whole series was sent; nil when there is none in time.
    private func waitForSeries(after end: Duration) async throws -> Duration? {
        let tally = self.load.tally
        while tally.now - end < Self.recoveryLimit {
            try await Task.sleep(for: .milliseconds(100))
            let sent = tally.since(end).sorted { $0.sent < $1.sent }
            let lastBad = sent.lastIndex { $0.outcome != .complete }
            let good = lastBad.map { sent[($0 + 1)...] } ?? sent[...]
            if good.count >= Self.series, let first = good.first { return max(.zero, first.sent - end) }
        }
        return nil
    }
}
