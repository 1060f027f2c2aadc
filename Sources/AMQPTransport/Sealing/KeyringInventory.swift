import Foundation
import SSBTEK

/// The keyring as the operator sees it: which epochs there are, never a key; what is made or destroyed by hand.
package struct KeyringInventory: Sendable {
    /// One epoch of a lane.
    package struct Entry: Sendable, Equatable {
        package enum State: String, Sendable {
            /// What is sealed now is sealed with it.
            case sealing
            /// Its time to seal is over, or somebody made a newer one early; what it has sealed can be read.
            case opening
            /// Nothing can be waited for any more; the next look of any process destroys it.
            case over
        }

        package let lane: String
        package let epoch: Epoch
        package let state: State
        package let age: Duration
        /// Until it is destroyed by itself; nil for the newest of a lane, which waits for its successor.
        package let destroyedIn: Duration?
    }

    private let folder: String
    private let configuration: KeyringConfiguration
    private let clock: any EpochClock

    package init(folder: String, configuration: KeyringConfiguration, clock: any EpochClock = BootClock()) {
        self.folder = folder
        self.configuration = configuration
        self.clock = clock
    }

    /// Lanes that have a folder.
    package var lanes: [Lane] {
        Lane.all.filter { FileManager.default.fileExists(atPath: "\(self.folder)/\($0.name)") }
            .sorted { $0.name < $1.name }
    }

    package func entries() throws(SealingError) -> [Entry] {
        var entries: [Entry] = []
        for lane in self.lanes { entries += try self.entries(of: lane) }
        return entries
    }

    /// Makes the next epoch of every lane now; what was made.
    package func rotate() throws(SealingError) -> [String] {
        var made: [String] = []
        for lane in self.lanes {
            let place = self.place(lane)
            let next = (try place.epochs().last?.epoch.number ?? 0) + 1
            _ = try place.make(next, lifetime: self.configuration.schedule(of: lane).lifetime)
            made.append("\(lane.name)/\(Epoch.name(next))")
        }
        return made
    }

    /// Destroys epochs whatever their time is.
    package func destroy(_ entries: [Entry]) throws(SealingError) {
        for lane in self.lanes {
            for entry in entries where entry.lane == lane.name { try self.place(lane).destroy(entry.epoch.number) }
        }
    }

    private func entries(of lane: Lane) throws(SealingError) -> [Entry] {
        let now = self.clock.sinceBoot()
        let schedule = self.configuration.schedule(of: lane)
        let epochs = try self.place(lane).epochs().map {
            $0.epoch.counted(isOfThisBoot: $0.isOfThisBoot, firstSeen: now)
        }
        let successors = epochs.dropFirst().map(Optional.some) + [nil]
        return zip(epochs, successors).map { epoch, successor in
            let destruction = successor.map { schedule.destruction(of: epoch, before: $0) }
            return Entry(
                lane: lane.name, epoch: epoch,
                state: destruction.map { now < $0 ? .opening : .over } ?? .sealing,
                age: now - epoch.made, destroyedIn: destruction.map { max(.zero, $0 - now) })
        }
    }

    private func place(_ lane: Lane) -> EpochFolder {
        EpochFolder(keyring: self.folder, lane: lane, access: self.configuration.access, clock: self.clock)
    }
}
