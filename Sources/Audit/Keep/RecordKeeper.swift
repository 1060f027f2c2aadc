import Foundation
package import Gateway
import Logging
import Observability
import Synchronization

/// Keeps the record of one process: appends to its own file, one write per entry.
///
/// `<directory>/<role>/<moment>-<random>.jsonl`. What is appended outlives the process at once, and a loss of power after
/// the next synchronisation.
package final class RecordKeeper: RecordKeeping {
    private struct State {
        var segment: OpenSegment
        /// Entries that could not be kept since the last that could.
        var missed = 0
        var failure: FileFailure?
        var isClosed = false
    }

    let configuration: RecordConfiguration
    let folder: String
    let clock: any GatewayClock
    /// Held while files are begun, sealed and removed; taken before ``state``.
    private let ledger: Mutex<RecordLedger>
    private let state: Mutex<State>
    private let tally: Mutex<OccurrenceTally>

    /// Makes the role's folder and this process's first file; whatever is wrong shows here and not at the first request.
    ///
    /// - Parameter role: Of the process; one folder for each.
    package init(
        _ configuration: RecordConfiguration, role: String, signer: any SealSigning, clock: any GatewayClock
    ) throws {
        self.configuration = configuration
        self.folder = "\(configuration.directory)/\(role)"
        self.clock = clock
        do {
            try FileManager.default.createDirectory(
                atPath: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw RecordFolderError(path: self.folder)
        }
        var ledger = try RecordLedger(in: self.folder, signer: signer)
        let segment = try Self.begin(in: self.folder, &ledger, after: nil, at: clock.now())
        self.ledger = Mutex(ledger)
        self.state = Mutex(State(segment: segment))
        self.tally = Mutex(
            OccurrenceTally(interval: configuration.countEvery, maximumAskers: configuration.countedApart))
    }

    package var isAvailable: Bool { self.state.withLock { $0.failure == nil && !$0.isClosed } }

    package func keep(_ event: RecordEvent) throws(RecordUnavailable) {
        var members = JSONObject()
        event.write(to: &members)
        let (isKept, firstFailure): (Bool, FileFailure?) = self.state.withLock { [members] state in
            guard !state.isClosed else { return (false, nil) }
            let now = self.clock.now()
            do throws(FileFailure) {
                if state.missed > 0 {
                    try state.segment.append(Self.gap(of: state.missed), at: now)
                    state.missed = 0
                }
                try state.segment.append(members, at: now)
                state.failure = nil
                return (true, nil)
            } catch {
                state.missed += 1
                defer { state.failure = error }
                return (false, state.failure == nil ? error : nil)
            }
        }
        if let firstFailure {
            Logger.gateway.critical(
                "The record takes no entries: requests are refused",
                metadata: [LogKeys.reason: .string(firstFailure.description)])
        }
        guard isKept else { throw RecordUnavailable() }
    }

    package func count(_ occurrence: RecordOccurrence) {
        let said = self.tally.withLock { $0.happened(occurrence, at: self.clock.now()) }
        // An entry that cannot be kept is missed, and that is counted as well.
        if let said { try? self.keep(said.event(count: 1)) }
    }

    private static func gap(of count: Int) -> JSONObject {
        var members = JSONObject()
        RecordEvent.deviation(Deviation(.recordUnavailable, count: count)).write(to: &members)
        return members
    }

    // MARK: What the service does now and then; never two at a time

    /// Makes the entries so far outlive a loss of power, and tries again what failed.
    package func synchronise() throws(FileFailure) {
        let segment = self.state.withLock { $0.segment }
        if segment.head.entries > segment.head.synchronised {
            let entries = try segment.synchronise()
            self.state.withLock { $0.segment.synchronised(entries) }
        }
        let failure: FileFailure? = self.state.withLock { state in
            guard state.failure != nil else { return nil }
            do throws(FileFailure) {
                try state.segment.append(Self.gap(of: state.missed), at: self.clock.now())
                state.missed = 0
                state.failure = nil
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Says what has been counted for long enough; at the end of the process everything.
    package func sayCounts(isLast: Bool = false) {
        let due = self.tally.withLock { $0.due(at: self.clock.now(), isLast: isLast) }
        for (occurrence, count) in due { try? self.keep(occurrence.event(count: count)) }
    }

    /// Whether the file has had its time, or its size.
    package var isDue: Bool {
        let segment = self.state.withLock { $0.segment }
        guard let since = segment.since else { return false }
        return segment.bytes >= self.configuration.maximumBytes
            || self.clock.now().since(since) >= self.configuration.sealEvery
    }

    /// Begins another file and seals the one before; returns the seal.
    @discardableResult
    package func roll() throws -> RecordSeal {
        try self.ledger.withLock { ledger in
            let old = self.state.withLock { $0.segment.name }
            let next = try Self.begin(in: self.folder, &ledger, after: old, at: self.clock.now())
            let ended = self.state.withLock { state in
                defer { state.segment = next }
                return state.segment
            }
            return try self.seal(ended, &ledger)
        }
    }

    /// Seals the last file, for the end of the process; nothing is kept after that.
    ///
    /// - Returns: The seal; nil when it was closed before.
    @discardableResult
    package func close() throws -> RecordSeal? {
        try self.ledger.withLock { ledger in
            let last: OpenSegment? = self.state.withLock { state in
                defer { state.isClosed = true }
                return state.isClosed ? nil : state.segment
            }
            return try last.map { try self.seal($0, &ledger) }
        }
    }

    private func seal(_ segment: OpenSegment, _ ledger: inout RecordLedger) throws -> RecordSeal {
        let seal = RecordSeal(
            file: segment.name, entries: segment.head.entries, head: segment.head.hash.text, bytes: segment.bytes)
        // Also when it cannot be sealed now: whoever sweeps next finds it closed, and does it.
        defer { segment.close() }
        _ = try segment.synchronise()
        let now = self.clock.now()
        try ledger.exclusively { try $0.append(.sealed(seal), at: now) }
        try? FileManager.default.removeItem(atPath: SegmentHead.path(of: "\(self.folder)/\(segment.name)"))
        return seal
    }

    /// Seals what processes have left that were killed, and removes what is older than the retention.
    package func sweep() throws -> RecordSweep {
        try self.ledger.withLock { ledger in
            try ledger.exclusively { ledger in
                try RecordSweep(
                    of: &ledger, in: self.folder, at: self.clock.now(), retention: self.configuration.retention)
            }
        }
    }

    private static func begin(
        in folder: String, _ ledger: inout RecordLedger, after previous: String?, at now: Timestamp
    ) throws -> OpenSegment {
        let moment = now.text.filter { $0.isNumber || $0 == "T" }.prefix(15)
        let name = "\(moment)Z-\(TransactionID.random().text.prefix(12)).jsonl"
        return try ledger.exclusively { ledger in
            var segment = try OpenSegment(name, in: folder)
            do {
                try ledger.append(.opened(file: name), at: now)
                // Ties the file to everything that the ledger said by now: neither can be taken back alone.
                var members = JSONObject()
                members.string("event", "opened")
                members.string("previous", previous)
                members.number("ledger", Int64(ledger.count))
                members.string("ledgerHash", ledger.head.text)
                try segment.append(members, at: now, isOwn: true)
            } catch {
                segment.close()
                throw error
            }
            return segment
        }
    }
}

/// The folder of the record cannot be made.
package struct RecordFolderError: Error, CustomStringConvertible {
    package let path: String

    package var description: String { "\(self.path): the folder cannot be made" }
}
