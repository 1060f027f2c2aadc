import Foundation
import Gateway

/// One file of entries, held against what the ledger says of it.
struct SegmentExamination {
    private(set) var findings: [ChainExamination.Finding] = []
    private(set) var remarks: [String] = []
    private(set) var entries = 0

    private let name: String
    private let path: String
    private let fate: LedgerExamination.Fate
    private let ledger: LedgerExamination

    init(_ name: String, in folder: String, fate: LedgerExamination.Fate, ledger: LedgerExamination) {
        self.name = name
        self.path = "\(folder)/\(name)"
        self.fate = fate
        self.ledger = ledger
    }

    mutating func examine(at now: Timestamp, unsealedLimit: Duration) {
        if case .removed = self.fate {
            if FileManager.default.fileExists(atPath: self.path) { self.remarks.append("removed, and still there") }
            return
        }
        // The head first: a process that lives appends meanwhile, and the head must not be newer than what is read.
        let head = (try? RecordVerifier.read(SegmentHead.path(of: self.path))).flatMap(SegmentHead.init)
        guard let isLive = self.isLive, let bytes = try? RecordVerifier.read(self.path) else {
            self.add(.missingFile, nil, "the file is not there, or cannot be read")
            return
        }
        let read = SplitLines(bytes)
        let chain = ChainExamination(read.lines, ofFile: self.name)
        self.findings += chain.findings
        self.entries = read.lines.count
        self.examineOrigin(read.lines.first)
        switch self.fate {
        case .sealed(let seal): self.examine(read, chain, against: seal)
        case .open(let moment):
            self.examine(read, chain, against: head, isLive: isLive)
            if !isLive, let opened = Timestamp(text: moment), now.since(opened) > unsealedLimit {
                self.add(.unsealed, nil, "its process is gone, and nobody has sealed it")
            }
        case .removed: break
        }
    }

    private mutating func add(_ kind: RecordFinding.Kind, _ line: Int?, _ text: String) {
        self.findings.append(.init(kind: kind, line: line ?? 0, text: text))
    }

    /// Whether a process holds it; nil when it is not there.
    private var isLive: Bool? {
        guard let file = try? RecordFile.reading(self.path) else { return nil }
        defer { file.close() }
        guard (try? file.lock(waits: false)) == true else { return true }
        file.unlock()
        return false
    }

    /// The first entry names the ledger's line that began the file: who cuts the ledger has to take the file as well.
    private mutating func examineOrigin(_ line: ArraySlice<UInt8>?) {
        guard let line, let entry = try? JSONDecoder().decode(Origin.self, from: Data(line)) else { return }
        if self.ledger.hash(ofLine: entry.ledger) != entry.ledgerHash {
            self.add(.changed, 1, "line \(entry.ledger) of the ledger is not the one that this file began with")
        }
    }

    private struct Origin: Decodable {
        let ledger: Int
        let ledgerHash: String
    }

    private mutating func examine(
        _ read: SplitLines, _ chain: ChainExamination, against seal: RecordSeal
    ) {
        let count = chain.count
        if count < seal.entries {
            self.add(.cut, read.lines.count, "\(seal.entries - count) entries are missing after this one")
        } else if count > seal.entries {
            self.add(.appended, seal.entries + 1, "\(count - seal.entries) entries were added after the seal")
        } else if chain.isSound && chain.head.text != seal.head {
            self.add(.changed, count, "the entries are not those that were sealed")
        }
        if !read.torn.isEmpty {
            self.add(.appended, read.lines.count + 1, "something was added after the seal")
        } else if chain.isSound && count == seal.entries && read.wholeBytes != seal.bytes {
            self.add(.changed, nil, "the file has another size than when it was sealed")
        }
        if seal.torn > 0 {
            self.remarks.append(
                "its process, or the machine, ended while it wrote; \(seal.torn) bytes of that entry were taken away")
        }
        if seal.missing > 0 {
            self.add(.lost, seal.entries, "\(seal.missing) entries were missing after this one when it was sealed")
        }
        if seal.bySuccessor { self.remarks.append("its process was killed or had no key; it was sealed later") }
    }

    private mutating func examine(
        _ read: SplitLines, _ chain: ChainExamination, against head: SegmentHead?, isLive: Bool
    ) {
        guard let head else {
            self.add(.cut, read.lines.count, "the file's head is missing or not readable: its end cannot be checked")
            return
        }
        if head.entries > chain.count {
            let count = head.entries - chain.count
            let isSafe = head.synchronised > chain.count
            self.add(
                isSafe ? .cut : .lost, read.lines.count,
                "\(count) entries are missing after this one" + (isSafe ? "" : "; they had not been synchronised"))
        } else if !isLive && chain.count > head.entries + 1 {
            self.add(
                .appended, head.entries + 2, "\(chain.count - head.entries) entries more than the file's head says")
        } else if !read.lines.isEmpty, head.entries > 0, chain.isSound,
            ChainLine(read.lines[head.entries - 1])?.hash != head.hash
        {
            self.add(.changed, head.entries, "the entries are not those that the file's head says")
        }
        if !read.torn.isEmpty && !isLive {
            self.remarks.append("it ends with \(read.torn.count) bytes of a torn line")
        }
    }
}
