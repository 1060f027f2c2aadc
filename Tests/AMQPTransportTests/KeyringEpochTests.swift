import AMQPTransport
import Foundation
import Gateway
import Logging
import SSBTEK
import ServiceLifecycle
import Testing

/// Epochs on disk and in several processes' memory, with a clock that the test moves.
struct KeyringEpochTests {
    private let folder = KeyringFolder()
    private let clock = ManualEpochClock()
    private let payload = Array("payload".utf8)
    private static let context = SealingContext(lane: .reply, transaction: TransactionID("t-1"))

    private func keyring(_ clock: ManualEpochClock? = nil) throws -> Keyring {
        var configuration = KeyringConfiguration()
        configuration.schedule = EpochSchedule(lifetime: .seconds(900), opensFor: .seconds(100))
        return try self.folder.keyring([.reply], configuration: configuration, clock: clock ?? self.clock)
    }

    private func sealed(_ keyring: Keyring) throws -> [UInt8] { try keyring.seal(self.payload, for: Self.context) }

    private func opens(_ keyring: Keyring, _ envelope: [UInt8]) -> Bool {
        (try? keyring.open(envelope, for: Self.context)) == self.payload
    }

    @Test func `an epoch is replaced after its lifetime and destroyed when nothing of it can be waited for`() throws {
        let (one, other) = (try self.keyring(), try self.keyring())
        let first = try self.sealed(one)
        self.clock.advance(by: .seconds(899))
        #expect(one.look() == KeyringChanges())
        self.clock.advance(by: .seconds(1))
        #expect(one.look().made == ["reply/0000000002"])
        #expect(other.look() == KeyringChanges())
        let second = try self.sealed(other)
        #expect(try Envelope.epoch(of: second) == "0000000002")
        for keyring in [one, other] { for envelope in [first, second] { #expect(self.opens(keyring, envelope)) } }
        self.clock.advance(by: .seconds(99))
        #expect(other.look() == KeyringChanges())
        #expect(self.opens(one, first))
        self.clock.advance(by: .seconds(1))
        #expect(other.look().destroyed == ["reply/0000000001"])
        #expect(!self.opens(other, first))
        // The other process has it until its own next tick, and no longer.
        #expect(self.opens(one, first))
        #expect(one.look() == KeyringChanges())
        #expect(throws: SealingError.unknownEpoch(lane: "reply")) { try one.open(first, for: Self.context) }
        #expect(self.opens(one, second))
        #expect(self.folder.epochs(.reply) == [2])
    }

    @Test func `a process that was stopped seals with the newest epoch when it goes on`() throws {
        let (stopped, other) = (try self.keyring(), try self.keyring())
        self.clock.advance(by: .seconds(5_000))
        _ = other.look()
        #expect(try Envelope.epoch(of: try self.sealed(stopped)) == "0000000002")
    }

    @Test func `an envelope of an epoch that another process has just made opens at once`() throws {
        let (one, other) = (try self.keyring(), try self.keyring())
        self.clock.advance(by: .seconds(900))
        _ = one.look()
        #expect(self.opens(other, try self.sealed(one)))
    }

    @Test func `processes that look at the same moment make one epoch`() async throws {
        let keyrings = try (0..<12).map { _ in try self.keyring() }
        self.clock.advance(by: .seconds(900))
        let made = await withTaskGroup(of: [String].self) { group in
            for keyring in keyrings { group.addTask { keyring.look().made } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(made == ["reply/0000000002"])
        let envelopes = try keyrings.map { try self.sealed($0) }
        for keyring in keyrings { for envelope in envelopes { #expect(self.opens(keyring, envelope)) } }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(self.folder.path)/reply")
        #expect(names.sorted() == ["0000000001", "0000000002"])
    }

    @Test func `where no epoch can be made the newest goes on sealing and is not destroyed`() throws {
        let keyring = try self.keyring()
        // Every draft is refused: the place of the next epoch is taken by a folder.
        try FileManager.default.createDirectory(
            atPath: self.folder.file(.reply, 2), withIntermediateDirectories: false)
        self.clock.advance(by: .seconds(5_000))
        #expect(keyring.look().failures.count == 1)
        let late = try self.sealed(keyring)
        #expect(try Envelope.epoch(of: late) == "0000000001")
        try FileManager.default.removeItem(atPath: self.folder.file(.reply, 2))
        #expect(keyring.look().made == ["reply/0000000002"])
        self.clock.advance(by: .seconds(99))
        #expect(keyring.look() == KeyringChanges())
        #expect(self.opens(keyring, late))
        self.clock.advance(by: .seconds(1))
        #expect(keyring.look().destroyed == ["reply/0000000001"])
    }

    @Test func `a destroyed key was overwritten where it lay`() throws {
        let keyring = try self.keyring()
        let file = try FileHandle(forReadingFrom: URL(filePath: self.folder.file(.reply)))
        self.clock.advance(by: .seconds(900))
        _ = keyring.look()
        self.clock.advance(by: .seconds(100))
        _ = keyring.look()
        #expect(try file.readToEnd() == Data(repeating: 0, count: 84))
    }

    @Test func `what a killed process left half made or half destroyed is removed`() throws {
        let keyring = try self.keyring()
        let draft = "\(self.folder.path)/reply/.new-x"
        for path in [draft, self.folder.file(.reply, 9)] {
            _ = FileManager.default.createFile(
                atPath: path, contents: Data(repeating: 0, count: 84), attributes: [.posixPermissions: 0o600])
        }
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -90)], ofItemAtPath: draft)
        #expect(keyring.look() == KeyringChanges())
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(self.folder.path)/reply")
        #expect(names == ["0000000001"])
    }

    @Test func `a damaged key is no key`() throws {
        let keyring = try self.keyring()
        let envelope = try self.sealed(keyring)
        let file = try FileHandle(forUpdating: URL(filePath: self.folder.file(.reply)))
        try file.seek(toOffset: 40)
        try file.write(contentsOf: [0, 0, 0, 0])
        #expect(throws: SealingError.self) { try self.keyring().open(envelope, for: Self.context) }
    }

    @Test func `after a restart of the machine old epochs open for a while and seal no more`() throws {
        let before = try self.sealed(try self.keyring())
        let clock = ManualEpochClock(.seconds(20), boot: 2)
        let keyring = try self.keyring(clock)
        #expect(self.folder.epochs(.reply) == [1, 2])
        #expect(try Envelope.epoch(of: try self.sealed(keyring)) == "0000000002")
        #expect(self.opens(keyring, before))
        clock.advance(by: .seconds(100))
        #expect(keyring.look().destroyed == ["reply/0000000001"])
    }

    @Test func `an epoch from the future is kept for one lifetime and not for ever`() throws {
        let ahead = ManualEpochClock(.seconds(1_000_000))
        let (odd, keyring) = (try self.keyring(ahead), try self.keyring())
        let envelope = try self.sealed(odd)
        #expect(try Envelope.epoch(of: try self.sealed(keyring)) == "0000000001")
        #expect(self.opens(keyring, envelope))
        self.clock.advance(by: .seconds(900))
        #expect(keyring.look().made == ["reply/0000000002"])
        self.clock.advance(by: .seconds(100))
        #expect(keyring.look().destroyed == ["reply/0000000001"])
    }

    @Test func `lanes may have schedules of their own`() throws {
        var configuration = KeyringConfiguration()
        configuration.schedules[.manifest] = EpochSchedule(lifetime: .seconds(86_400), opensFor: .seconds(86_400))
        let keyring = try self.folder.keyring([.reply, .manifest], configuration: configuration, clock: self.clock)
        self.clock.advance(by: .seconds(900))
        #expect(keyring.look().made == ["reply/0000000002"])
    }

    @Test func `the inventory lists, makes and destroys, and running processes follow`() throws {
        let keyring = try self.keyring()
        let envelope = try self.sealed(keyring)
        var configuration = KeyringConfiguration()
        configuration.schedule = EpochSchedule(lifetime: .seconds(900), opensFor: .seconds(100))
        let inventory = KeyringInventory(folder: self.folder.path, configuration: configuration, clock: self.clock)
        self.clock.advance(by: .seconds(10))
        #expect(try inventory.entries().map(\.state) == [.sealing])
        #expect(try inventory.rotate() == ["reply/0000000002"])
        let entries = try inventory.entries()
        #expect(entries.map(\.state) == [.opening, .sealing])
        #expect(entries.map(\.age) == [.seconds(10), .zero])
        #expect(entries.map(\.destroyedIn) == [.seconds(990), nil])
        #expect(keyring.look() == KeyringChanges())
        #expect(try Envelope.epoch(of: try self.sealed(keyring)) == "0000000002")
        try inventory.destroy([entries[0]])
        #expect(self.folder.epochs(.reply) == [2])
        _ = keyring.look()
        #expect(!self.opens(keyring, envelope))
    }

    @Test func `the service looks with every tick and ends when it is told to`() async throws {
        var configuration = KeyringConfiguration()
        configuration.schedule = EpochSchedule(lifetime: .milliseconds(50), opensFor: .milliseconds(50))
        configuration.tick = .milliseconds(10)
        let keyring = try self.folder.keyring([.reply], configuration: configuration)
        let service = KeyringService(keyring)
        let group = ServiceGroup(services: [service], logger: Logger(label: "keyring"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            while self.folder.epochs(.reply).first ?? 0 < 3 { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(self.folder.epochs(.reply).count <= 4)
    }

    @Test func `where a keyring lies is told, before it is made too`() {
        #expect(KeyringStorage(of: "/dev/shm/not/made/yet") == KeyringStorage(of: "/dev/shm"))
        #expect(KeyringStorage(of: "/proc/version") == .disk)
        #expect(KeyringStorage(of: "relative/and/not/there") == .unknown)
        let mounts = """
            24 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            30 24 0:26 / /run rw,nosuid shared:5 - tmpfs tmpfs rw
            31 24 0:27 / /mnt rw - ramfs none rw
            """
        for (device, kind) in [(UInt64(254 << 8), KeyringStorage.disk), (26, .memory), (27, .memory), (28, .disk)] {
            #expect(KeyringStorage.kind(of: device, in: mounts) == kind)
        }
    }

    @Test func `roles of one group share a lane's keys, and no key is for everybody`() throws {
        var configuration = KeyringConfiguration()
        configuration.access = .group
        // As the operator makes it: root can choose a group that it is not in.
        let lane = "\(self.folder.path)/\(Lane.reply.name)"
        let group = geteuid() == 0 ? 54_321 : getegid()
        try FileManager.default.createDirectory(atPath: lane, withIntermediateDirectories: true)
        #expect(unsafe chown(lane, geteuid(), group) == 0)
        #expect(unsafe chmod(lane, 0o2770) == 0)

        _ = try self.folder.keyring([.reply], configuration: configuration)
        let file = self.folder.file(.reply)
        #expect(try Self.status(file).mode == 0o660)
        #expect(try Self.status(file).group == group)
        #expect(try Self.status(lane).mode == 0o2770)
        #expect(try Self.status(lane).group == group)
        #expect(try FileManager.default.contentsOfDirectory(atPath: lane) == [Epoch.name(1)])
        // A process that was not told of groups refuses them, and one that was refuses what everybody may read.
        #expect(throws: SealingError.malformedKey(lane: "reply", epoch: Epoch.name(1))) {
            try self.folder.keyring([.reply])
        }
        #expect(unsafe chmod(file, 0o664) == 0)
        #expect(throws: SealingError.malformedKey(lane: "reply", epoch: Epoch.name(1))) {
            try self.folder.keyring([.reply], configuration: configuration)
        }
    }

    private static func status(_ path: String) throws -> (mode: mode_t, group: gid_t) {
        var status = stat()
        try #require(unsafe lstat(path, &status) == 0)
        return (status.st_mode & 0o7777, status.st_gid)
    }
}
