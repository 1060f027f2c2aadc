import Foundation
import Gateway

/// A role's ledger (`<role>/ledger.jsonl`), which all processes of the role share: each takes it for itself, reads what the
/// others have appended since, and appends.
///
/// Chained from its first line to its last; what ends or removes a file is signed, and with it everything before.
struct RecordLedger: Sendable {
    static let name = "ledger.jsonl"

    private let file: RecordFile
    private let signer: any SealSigning
    /// How far this process has read.
    private var bytes = 0
    private(set) var count = 0
    private(set) var head = ChainHash(ofFile: RecordLedger.name)
    /// Files that were begun and neither sealed nor removed.
    private(set) var open: Set<String> = []
    /// Files that are sealed and still there, with the moment of their seal.
    private(set) var sealed: [String: (seal: RecordSeal, at: String)] = [:]

    init(in folder: String, signer: any SealSigning) throws(FileFailure) {
        self.file = try RecordFile.append(to: "\(folder)/\(Self.name)")
        self.signer = signer
    }

    /// Does something while no other process appends, knowing what the others have appended.
    mutating func exclusively<Result>(
        _ body: (inout RecordLedger) throws -> Result
    ) throws -> Result {
        _ = try self.file.lock(waits: true)
        defer { self.file.unlock() }
        try self.catchUp()
        return try body(&self)
    }

    /// Appends a line; only within ``exclusively(_:)``.
    mutating func append(_ entry: LedgerEntry, at now: Timestamp) throws {
        let (line, hash) = try ChainLine.make(self.count + 1, at: now, members: entry.members, after: self.head) {
            guard entry.isSigned else { return nil }
            return try self.signer.signature(over: $0.hexadecimal).map { Data($0).base64EncodedString() }
        }
        try self.file.append(line, at: self.bytes)
        try self.file.synchronise()
        self.note(entry, at: now.text)
        self.bytes += line.count
        self.count += 1
        self.head = hash
    }

    private mutating func catchUp() throws(FileFailure) {
        let read = SplitLines(try self.file.read(from: self.bytes))
        // The end of a process that was killed while it wrote: nothing came of it.
        if !read.torn.isEmpty { try self.file.truncate(to: self.bytes + read.wholeBytes) }
        self.bytes += read.wholeBytes
        for text in read.lines {
            self.count += 1
            // What somebody has changed is for `audit verify` to tell; the chain goes on from what stands there.
            guard let line = ChainLine(text) else { continue }
            self.head = line.hash
            if let known = LedgerLine(line) { self.note(known.entry, at: known.at) }
        }
    }

    private mutating func note(_ entry: LedgerEntry, at moment: String) {
        switch entry {
        case .opened(let file): self.open.insert(file)
        case .sealed(let seal):
            self.open.remove(seal.file)
            self.sealed[seal.file] = (seal, moment)
        case .removed(let file, _, _):
            self.open.remove(file)
            self.sealed[file] = nil
        }
    }
}
