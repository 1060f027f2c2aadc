import Foundation
import Gateway

/// A ledger as it was found: what it says of each file, and what is wrong with it.
struct LedgerExamination {
    /// What became of a file.
    enum Fate {
        case open(at: String)
        case sealed(RecordSeal)
        case removed
    }

    private(set) var findings: [ChainExamination.Finding] = []
    private(set) var files: [String: Fate] = [:]
    private(set) var seals = 0
    private(set) var count = 0
    /// Bytes of a last line that was cut short.
    let torn: Int
    /// By number of the line.
    private var hashes: [Int: String] = [:]

    init(_ bytes: [UInt8], seals verifier: any SealVerifying) {
        let read = SplitLines(bytes)
        self.torn = read.torn.count
        let chain = ChainExamination(read.lines, ofFile: RecordLedger.name)
        self.findings = chain.findings
        self.count = chain.count
        for (index, text) in read.lines.enumerated() {
            guard let line = ChainLine(text) else { continue }
            self.hashes[line.number] = line.hash.text
            guard let known = LedgerLine(line) else {
                self.add(.changed, index, "the line is not one that was written")
                continue
            }
            self.examineSignature(known, index, verifier)
            self.note(known, index)
        }
    }

    /// The hash of a line, hexadecimal.
    func hash(ofLine number: Int) -> String? { self.hashes[number] }

    private mutating func add(_ kind: RecordFinding.Kind, _ index: Int, _ text: String) {
        let finding = ChainExamination.Finding(kind: kind, line: index + 1, text: text)
        if !self.findings.contains(finding) { self.findings.append(finding) }
    }

    private mutating func examineSignature(_ line: LedgerLine, _ index: Int, _ verifier: any SealVerifying) {
        guard line.entry.isSigned else {
            if line.signature != nil { self.add(.changed, index, "a line of this kind has no signature") }
            return
        }
        self.seals += 1
        let what = "about \(line.entry.file)"
        guard let signature = line.signature else {
            self.add(.unsignedSeal, index, "the line \(what) has no signature")
            return
        }
        guard let moment = Timestamp(text: line.at),
            verifier.signer(of: signature, over: line.hash.hexadecimal, at: moment.seconds) != nil
        else {
            self.add(.forgedSeal, index, "the signature of the line \(what) is not that of anybody trusted")
            return
        }
    }

    private mutating func note(_ line: LedgerLine, _ index: Int) {
        switch (line.entry, self.files[line.entry.file]) {
        case (.opened(let file), nil): self.files[file] = .open(at: line.at)
        case (.sealed(let seal), .open): self.files[seal.file] = .sealed(seal)
        case (.removed(let file, let entries, let head), .sealed(let seal))
        where seal.entries == entries && seal.head == head:
            self.files[file] = .removed
        case (.opened, _), (.sealed, _), (.removed, _):
            self.add(.changed, index, "the line does not follow from what was said of \(line.entry.file) before")
        }
    }
}
