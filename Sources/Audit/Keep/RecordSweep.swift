import Foundation
import Gateway

/// What one look after a role's folder did.
package struct RecordSweep: Equatable {
    /// Files of processes that were killed, sealed now.
    package private(set) var sealed: [RecordSeal] = []
    /// Files that were older than the retention, removed now.
    package private(set) var removed: [String] = []

    /// - Parameter ledger: Taken by this process.
    init(
        of ledger: inout RecordLedger, in folder: String, at now: Timestamp, retention: Duration
    ) throws {
        for name in ledger.open.sorted() {
            guard let seal = try Self.leftBehind(name, in: folder) else { continue }
            try ledger.append(.sealed(seal), at: now)
            try? FileManager.default.removeItem(atPath: SegmentHead.path(of: "\(folder)/\(name)"))
            self.sealed.append(seal)
        }
        let limit = (now - retention).text
        for (name, known) in ledger.sealed.sorted(by: { $0.key < $1.key }) where known.at < limit {
            try ledger.append(.removed(file: name, entries: known.seal.entries, head: known.seal.head), at: now)
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            self.removed.append(name)
        }
    }

    /// The seal of a file whose process is gone; nil while it lives, and for a file that is not there.
    private static func leftBehind(_ name: String, in folder: String) throws(FileFailure) -> RecordSeal? {
        let path = "\(folder)/\(name)"
        // Somebody has taken it away: nothing is sealed then, and `audit verify` says that it is missing.
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = try RecordFile.existing(path)
        defer { file.close() }
        guard try file.lock(waits: false) else { return nil }
        let read = SplitLines(try file.read())
        let head = (try? RecordFile.reading(SegmentHead.path(of: path))).flatMap { headFile in
            defer { headFile.close() }
            return (try? headFile.read()).flatMap(SegmentHead.init)
        }
        // Nothing came of an entry that its process did not finish; kill -9 may end a write between two pages.
        if !read.torn.isEmpty { try file.truncate(to: read.wholeBytes) }
        let last = read.lines.last.flatMap { ChainLine($0)?.hash } ?? ChainHash(ofFile: name)
        return RecordSeal(
            file: name, entries: read.lines.count, head: last.text, bytes: read.wholeBytes, bySuccessor: true,
            torn: read.torn.count, missing: max(0, (head?.entries ?? 0) - read.lines.count))
    }
}
