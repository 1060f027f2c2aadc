import Foundation
import Gateway
import Logging
import Metrics
import Observability
import ServiceLifecycle
import Synchronization
import Trust
import UnixSignals

/// Keeps a process's certificates current: looks, loads the whole set anew when there is a reason, and swaps or refuses.
///
/// A set that is not good leaves the old one in force; why is logged once and stands in the process's file.
final class TrustReload: Service {
    private struct State {
        var machine: ReloadState
        var process: ProcessState
        /// Whether it was said that the process's file cannot be written.
        var saidUnwritable = false
    }

    private let source: TrustSource
    private let holder: TrustHolder
    private let clock: any GatewayClock
    private let pollEvery: Duration
    private let folder: ProcessFolder
    /// What else the process's file says.
    let held = HeldProviders()
    private let hangUps = Atomic(0)
    private let state: Mutex<State>

    /// - Parameter seen: what was there before the holder's first snapshot was loaded.
    init(
        source: TrustSource, holder: TrustHolder, seen: TrustObservation, clock: any GatewayClock,
        pollEvery: Duration, folder: ProcessFolder
    ) {
        self.source = source
        self.holder = holder
        self.clock = clock
        self.pollEvery = pollEvery
        self.folder = folder
        let pid = ProcessInfo.processInfo.processIdentifier
        let (generation, snapshot) = holder.state
        let now = clock.now().seconds
        var process = ProcessState(
            role: source.role.processName, pid: pid, startTicks: ProcessFolder.startTicks(of: pid) ?? 0,
            place: folder.place, set: snapshot.number, generation: generation, since: TimeText.text(now),
            warnings: snapshot.warnings.map { "\($0)" })
        process.answeredRequest = seen.request?.modified
        self.state = Mutex(
            State(machine: ReloadState(seen: seen, nextChange: snapshot.nextChange(after: now)), process: process))
    }

    func run() async throws {
        self.write()
        defer { self.folder.remove(self.state.withLock { $0.process }) }
        self.measure()
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) {
                        self.hangUps.add(1, ordering: .relaxed)
                    }
                }
                group.addTask {
                    var expiry = ExpiryLog()
                    var revocation = RevocationWatch()
                    while !Task.isCancelled {
                        await self.look(&expiry, &revocation)
                        try? await Task.sleep(for: self.pollEvery)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// One look at everything that may have changed.
    private func look(_ expiry: inout ExpiryLog, _ revocation: inout RevocationWatch) async {
        let now = self.clock.now().seconds
        let observation = self.source.files.observe(hangUps: self.hangUps.load(ordering: .relaxed))
        let triggers = self.state.withLock { $0.machine.observed(observation, at: now) }
        if !triggers.isEmpty { await self.reload(because: triggers, observation, at: now) }
        let (generation, snapshot) = self.holder.state
        await self.lookForTokens(of: snapshot)
        expiry.look(at: snapshot.inventory, generation: generation, now: now)
        RevocationWatch.measure(snapshot, now: now)
        if revocation.look(at: snapshot, now: now) {
            let standing = revocation.standing
            self.state.withLock { $0.process.revocation = standing }
            self.write()
        }
        self.lookForHeldProviders()
        // A clean-up of the folder must not hide a process for good.
        if !self.folder.refresh(self.state.withLock { $0.process }) { self.write() }
    }

    /// Keys that have gone with their token stand in the process's file until they are back.
    private func lookForTokens(of snapshot: TrustSnapshot) async {
        await snapshot.lookForLostTokens()
        let lost = snapshot.lostKeys
        let isNews = self.state.withLock { state in
            defer { state.process.lostKeys = lost.isEmpty ? nil : lost }
            return (state.process.lostKeys ?? []) != lost
        }
        if isNews { self.write() }
    }

    /// Base services that are not asked stand in the process's file as long.
    private func lookForHeldProviders() {
        let held = self.held.current
        let isNews = self.state.withLock { state in
            defer { state.process.heldBack = held }
            return state.process.heldBack != held
        }
        if isNews { self.write() }
    }

    private func reload(because triggers: Set<ReloadTrigger>, _ seen: TrustObservation, at now: Int64) async {
        // Whoever asks, or brings a new set, has perhaps corrected a PIN; time alone has not, and tokens lock themselves after a few wrong ones.
        if !triggers.isDisjoint(with: [.request, .signal, .set, .manifest]) { TokenKey.forgetRefusedPINs() }
        if triggers == [.revocation], await self.renewed(triggers, seen, at: now) { return }
        switch await self.source.loadAside(at: now) {
        case .success(let snapshot):
            self.accept(snapshot, triggers, seen, at: now)
        case .failure(let refusal):
            // A revocation counts whatever else lies on the disk, and so does what is due within the set in force.
            var current = self.holder.current
            if triggers.contains(.revocation),
                case .success(let newer) = await self.source.fetchedAside(current, at: now)
            {
                current = newer
                self.holder.swap(current)
            } else if triggers.contains(.credential) {
                self.holder.swap(current)
            }
            self.refuse(refusal, triggers, seen, at: now)
        }
        self.write()
        self.measure()
    }

    /// Takes new lists and answers into the set in force, of which nothing else is read again; false when that fails.
    ///
    /// Answers that go on saying `good` come all the time: they leave generation, connections and log as they are.
    private func renewed(_ triggers: Set<ReloadTrigger>, _ seen: TrustObservation, at now: Int64) async -> Bool {
        let current = self.holder.current
        guard case .success(let newer) = await self.source.fetchedAside(current, at: now) else { return false }
        if newer.revokesMore(than: current) {
            self.holder.swap(newer)
            self.tell(newer, triggers, at: now)
            self.measure()
        } else {
            self.holder.swap(newer, quietly: true)
            let warnings = newer.warnings.map { "\($0)" }
            let isNews = self.state.withLock { state in
                defer { state.process.warnings = warnings }
                return state.process.warnings != warnings
            }
            guard isNews else { return true }
        }
        self.write()
        return true
    }

    /// The set in force is the same, what is known about revocation is not; a set that was refused stays so.
    private func tell(_ snapshot: TrustSnapshot, _ triggers: Set<ReloadTrigger>, at now: Int64) {
        let generation = self.holder.generation
        self.state.withLock { state in
            let refusal = state.process.lastRefusal
            state.process.accepted(
                set: snapshot.number, generation: generation, warnings: snapshot.warnings.map { "\($0)" },
                triggers: triggers, at: TimeText.text(now))
            state.process.lastRefusal = refusal
        }
        Logger.gateway.notice(
            "New revocation lists or answers are in force",
            metadata: [
                LogKeys.snapshot: .stringConvertible(snapshot.number),
                LogKeys.generation: .stringConvertible(generation),
            ])
    }

    private func accept(
        _ snapshot: TrustSnapshot, _ triggers: Set<ReloadTrigger>, _ seen: TrustObservation, at now: Int64
    ) {
        let generation = self.holder.swap(snapshot)
        self.state.withLock { state in
            state.machine.accepted(nextChange: snapshot.nextChange(after: now))
            state.process.accepted(
                set: snapshot.number, generation: generation, warnings: snapshot.warnings.map { "\($0)" },
                triggers: triggers, at: TimeText.text(now))
            state.process.answeredRequest = seen.request?.modified
        }
        Self.count("accepted")
        Logger.gateway.notice(
            "A set of certificates is in force",
            metadata: [
                LogKeys.snapshot: .stringConvertible(snapshot.number),
                LogKeys.generation: .stringConvertible(generation),
                LogKeys.trigger: .string(Self.text(triggers)),
            ])
        Self.warn(about: snapshot)
    }

    private func refuse(
        _ refusal: TrustSource.Refusal, _ triggers: Set<ReloadTrigger>, _ seen: TrustObservation, at now: Int64
    ) {
        let (generation, current) = self.holder.state
        let set = self.source.files.number
        let isNews = self.state.withLock { state in
            let isNews = state.machine.refused(
                because: refusal.problems, triggers: triggers, nextChange: current.nextChange(after: now), at: now)
            state.process.generation = generation
            state.process.answeredRequest = seen.request?.modified
            if isNews {
                state.process.refused(
                    set: set, problems: refusal.problems, triggers: triggers, at: TimeText.text(now))
            }
            return isNews
        }
        guard isNews else { return }
        Self.count("refused")
        Logger.gateway.error(
            "A set of certificates was refused; the one in force stays",
            metadata: [
                LogKeys.snapshot: .stringConvertible(current.number),
                LogKeys.trigger: .string(Self.text(triggers)),
                LogKeys.reason: .string(refusal.problems.joined(separator: "; ")),
            ])
    }

    private func write() {
        let process = self.state.withLock { $0.process }
        do {
            try self.folder.write(process)
            self.state.withLock { $0.saidUnwritable = false }
        } catch {
            let isNews = self.state.withLock { state in
                defer { state.saidUnwritable = true }
                return !state.saidUnwritable
            }
            guard isNews else { return }
            Logger.gateway.warning(
                "The process's state cannot be written, so that status does not show it",
                metadata: [LogKeys.reason: .string(self.folder.path)])
        }
    }

    private func measure() {
        let (generation, snapshot) = self.holder.state
        Gauge(label: MetricNames.trustSnapshot).record(snapshot.number)
        Gauge(label: MetricNames.trustGeneration).record(generation)
    }

    /// What stands in the way of nothing, but should be looked at.
    static func warn(about snapshot: TrustSnapshot) {
        for warning in snapshot.warnings {
            Logger.gateway.warning("Trust needs attention", metadata: [LogKeys.reason: .string("\(warning)")])
        }
    }

    private static func count(_ result: String) {
        Counter(label: MetricNames.trustReloads, dimensions: [(MetricNames.Dimension.result, result)]).increment()
    }

    private static func text(_ triggers: Set<ReloadTrigger>) -> String {
        triggers.map(\.rawValue).sorted().joined(separator: " ")
    }
}

extension TrustRole {
    /// The name of the process that runs it.
    var processName: String { self == .all ? "serve" : self.rawValue }
}
