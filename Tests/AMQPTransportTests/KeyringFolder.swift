import AMQPTransport
import Foundation
import SSBTEK
import Synchronization

/// A keyring folder that goes with its owner.
final class KeyringFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/keyring-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func keyring(
        _ lanes: [Lane] = Lane.all, configuration: KeyringConfiguration = KeyringConfiguration(),
        clock: any EpochClock = BootClock()
    ) throws -> Keyring {
        try Keyring(folder: self.path, lanes: lanes, configuration: configuration, clock: clock)
    }

    func file(_ lane: Lane, _ epoch: UInt64 = 1) -> String { "\(self.path)/\(lane.name)/\(Epoch.name(epoch))" }

    /// The numbers of a lane's epochs.
    func epochs(_ lane: Lane) -> [UInt64] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(self.path)/\(lane.name)")) ?? []
        return names.compactMap { Epoch.number(ofName: $0) }.sorted()
    }
}

/// A clock of epochs that stands still until a test moves it.
final class ManualEpochClock: EpochClock {
    let boot: [UInt8]
    private let time: Mutex<Duration>

    init(_ time: Duration = .seconds(10_000), boot: UInt8 = 1) {
        self.boot = [UInt8](repeating: boot, count: 16)
        self.time = Mutex(time)
    }

    func sinceBoot() -> Duration { self.time.withLock { $0 } }

    func advance(by duration: Duration) { self.time.withLock { $0 += duration } }
}
