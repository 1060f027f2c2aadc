import Crypto
import Synchronization

/// The sealing keys of one process: `<folder>/<lane>/<epoch>`, shared by the roles of one machine.
///
/// A role opens only the lanes that it needs. Each lane has one newest epoch, with which everybody seals, and older ones that
/// still open until nothing can be waited for any more that was sealed with them. Whoever finds that the next epoch is due
/// makes it: a key is linked into place and never overwritten, so processes that race end up with the same one.
package final class Keyring: Sendable {
    private struct HeldKey {
        let epoch: Epoch
        let key: LockedKey
    }

    private struct LaneKeys {
        /// The newest.
        var sealing: HeldKey?
        /// All that open, the newest too.
        var keys: [UInt64: HeldKey] = [:]
        /// When this process saw each epoch first.
        var firstSeen: [UInt64: Duration] = [:]
        /// From when a seal looks for a newer epoch itself: the service has not, since the process was stopped.
        var staleFrom: Duration = .zero
    }

    private let configuration: KeyringConfiguration
    private let folders: [Lane: EpochFolder]
    private let clock: any EpochClock
    private let state = Mutex<[Lane: LaneKeys]>([:])
    /// Held while the disk is looked at, so that a process does so once at a time.
    private let looking = Mutex(())

    /// Opens the folder and makes an epoch in each lane that has none, or none that is new enough.
    package init(
        folder: String, lanes: [Lane], configuration: KeyringConfiguration = KeyringConfiguration(),
        clock: any EpochClock = BootClock()
    ) throws(SealingError) {
        self.configuration = configuration
        self.clock = clock
        var folders: [Lane: EpochFolder] = [:]
        for lane in lanes {
            let place = EpochFolder(keyring: folder, lane: lane, access: configuration.access, clock: clock)
            try place.prepare()
            folders[lane] = place
        }
        self.folders = folders
        for lane in lanes {
            let changes = try self.look(at: lane)
            if let failure = changes.failures.first { throw failure }
        }
    }

    /// Whether every key is in memory that is not swapped.
    package var isLocked: Bool { self.state.withLock { $0.values.allSatisfy { $0.sealing?.key.isLocked ?? true } } }

    package var tick: Duration { self.configuration.tick }

    package func seal(_ payload: [UInt8], for context: SealingContext) throws(SealingError) -> [UInt8] {
        let now = self.clock.sinceBoot()
        if let staleFrom = self.state.withLock({ $0[context.lane]?.staleFrom }), now >= staleFrom {
            // Where it fails the newest that is held goes on sealing, and is kept for it.
            if (try? self.look(at: context.lane)) == nil {
                self.state.withLock { $0[context.lane]?.staleFrom = now + self.configuration.tick }
            }
        }
        guard let held = self.state.withLock({ $0[context.lane]?.sealing }) else {
            throw .unknownEpoch(lane: context.lane.name)
        }
        return try Envelope.seal(payload, for: context, epoch: held.epoch.name, key: held.key.key)
    }

    package func open(_ envelope: [UInt8], for context: SealingContext) throws(SealingError) -> [UInt8] {
        guard let folder = self.folders[context.lane] else { throw .unknownEpoch(lane: context.lane.name) }
        guard let number = Epoch.number(ofName: try Envelope.epoch(of: envelope)) else { throw .notAuthentic }
        let known = self.state.withLock { $0[context.lane]?.keys[number]?.key }
        if let known { return try Envelope.open(envelope, for: context, key: known.key) }
        // Made by another process since the last look.
        let key = try folder.key(number)
        let payload = try Envelope.open(envelope, for: context, key: key.key)
        _ = try? self.look(at: context.lane)
        return payload
    }

    /// Makes what is due and destroys what is over, in all lanes; called with every tick.
    package func look() -> KeyringChanges {
        var changes = KeyringChanges()
        for lane in self.folders.keys.sorted(by: { $0.name < $1.name }) {
            do throws(SealingError) {
                changes.add(try self.look(at: lane))
            } catch {
                changes.failures.append(error)
            }
        }
        return changes
    }

    // MARK: One lane

    private func look(at lane: Lane) throws(SealingError) -> KeyringChanges {
        guard let folder = self.folders[lane] else { throw .unknownEpoch(lane: lane.name) }
        return try self.looking.withLock { _ throws(SealingError) in try self.looked(at: lane, folder) }
    }

    private func looked(at lane: Lane, _ folder: EpochFolder) throws(SealingError) -> KeyringChanges {
        let schedule = self.configuration.schedule(of: lane)
        var changes = KeyringChanges()
        var epochs = try self.epochs(of: lane, folder)
        var plan = schedule.plan(epochs, at: self.clock.sinceBoot())
        if let next = plan.next {
            do throws(SealingError) {
                if try folder.make(next, lifetime: schedule.lifetime) {
                    changes.made.append("\(lane.name)/\(Epoch.name(next))")
                }
                epochs = try self.epochs(of: lane, folder)
                plan = schedule.plan(epochs, at: self.clock.sinceBoot())
            } catch {
                changes.failures.append(error)
            }
        }
        guard let sealing = plan.sealing else { throw changes.failures.first ?? .unknownEpoch(lane: lane.name) }
        for epoch in plan.destroyed {
            do throws(SealingError) {
                if try folder.destroy(epoch.number) { changes.destroyed.append("\(lane.name)/\(epoch.name)") }
            } catch {
                changes.failures.append(error)
            }
        }
        try self.hold(epochs.filter { !plan.destroyed.contains($0) }, sealing: sealing, of: lane, folder)
        return changes
    }

    /// What is on disk, each epoch with its times as they count here.
    private func epochs(of lane: Lane, _ folder: EpochFolder) throws(SealingError) -> [Epoch] {
        let found = try folder.epochs()
        let now = self.clock.sinceBoot()
        return self.state.withLock { state in
            let seen = state[lane]?.firstSeen ?? [:]
            let firstSeen = Dictionary(
                uniqueKeysWithValues: found.map { ($0.epoch.number, seen[$0.epoch.number] ?? now) })
            state[lane, default: LaneKeys()].firstSeen = firstSeen
            return found.map {
                $0.epoch.counted(isOfThisBoot: $0.isOfThisBoot, firstSeen: firstSeen[$0.epoch.number] ?? now)
            }
        }
    }

    /// Holds the keys of these epochs and of no others; a key that is dropped is overwritten with the end of its last use.
    private func hold(
        _ epochs: [Epoch], sealing: Epoch, of lane: Lane, _ folder: EpochFolder
    ) throws(SealingError) {
        let old = self.state.withLock { $0[lane]?.keys ?? [:] }
        var keys: [UInt64: HeldKey] = [:]
        for epoch in epochs {
            if let held = old[epoch.number], held.epoch == epoch {
                keys[epoch.number] = held
            } else if let key = try? folder.key(epoch.number) {
                // Without one: destroyed by another process since it was listed.
                keys[epoch.number] = HeldKey(epoch: epoch, key: key)
            }
        }
        let now = self.clock.sinceBoot()
        let staleFrom = max(self.configuration.schedule(of: lane).end(of: sealing), now + self.configuration.tick)
        let sealing = keys[sealing.number]
        self.state.withLock { state in
            state[lane, default: LaneKeys()].keys = keys
            state[lane]?.sealing = sealing
            state[lane]?.staleFrom = staleFrom
        }
        if sealing == nil { throw .unknownEpoch(lane: lane.name) }
    }
}

/// What a look at the keyring has changed; names of the form `lane/epoch`.
package struct KeyringChanges: Sendable, Equatable {
    package var made: [String] = []
    package var destroyed: [String] = []
    package var failures: [SealingError] = []

    package init() {}

    mutating func add(_ other: Self) {
        self.made += other.made
        self.destroyed += other.destroyed
        self.failures += other.failures
    }
}
