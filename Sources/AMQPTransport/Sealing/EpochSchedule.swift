/// When epochs of a lane begin and end: decides, and reads and writes nothing.
///
/// The times of an epoch are counted since the machine was started (`CLOCK_BOOTTIME`, which is the same for all its processes,
/// goes on in suspension, and is not moved by anybody): a wall clock that jumps neither destroys a key early nor keeps one.
package struct EpochSchedule: Sendable, Equatable {
    /// How long an epoch seals.
    package var lifetime: Duration = .seconds(900)
    /// How long it still opens: as long as something that it sealed at its last moment may be waited for.
    package var opensFor: Duration = .seconds(120)

    package init() {}

    package init(lifetime: Duration, opensFor: Duration) {
        self.lifetime = lifetime
        self.opensFor = opensFor
    }

    /// What is to be done now, given the epochs that a lane has.
    package func plan(_ epochs: [Epoch], at now: Duration) -> EpochPlan {
        let epochs = epochs.sorted()
        guard let newest = epochs.last else { return EpochPlan(sealing: nil, next: 1, destroyed: []) }
        return EpochPlan(
            sealing: newest,
            next: now >= self.end(of: newest) ? newest.number + 1 : nil,
            destroyed: zip(epochs, epochs.dropFirst()).filter { now >= self.destruction(of: $0, before: $1) }.map(\.0)
        )
    }

    /// The end of its sealing here: a lifetime that was made shorter counts at once.
    package func end(of epoch: Epoch) -> Duration { min(epoch.sealsUntil, epoch.made + self.lifetime) }

    /// From when nothing can be waited for any more that was sealed with it.
    ///
    /// The newest of a lane has no such moment. It goes on sealing past its end where no next one could be made (a full disk), so what
    /// counts then is when the next one was made. And where the next one was made early, by hand, a process that was
    /// stopped at the time may seal with the old one until that's own end.
    package func destruction(of epoch: Epoch, before successor: Epoch) -> Duration {
        max(epoch.sealsUntil, successor.made) + self.opensFor
    }
}

/// What is to be done in a lane.
package struct EpochPlan: Equatable, Sendable {
    /// Seals, until there is a newer one.
    package let sealing: Epoch?
    /// The number of the epoch that is to be made, if one is due.
    package let next: UInt64?
    package let destroyed: [Epoch]

    package init(sealing: Epoch?, next: UInt64?, destroyed: [Epoch]) {
        self.sealing = sealing
        self.next = next
        self.destroyed = destroyed
    }
}
