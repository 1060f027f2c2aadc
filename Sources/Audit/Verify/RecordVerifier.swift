import Foundation
package import Gateway

/// Checks a whole record: every role's ledger, every seal, every file.
package struct RecordVerifier {
    private let directory: String
    private let seals: any SealVerifying
    private let now: Timestamp
    /// A file whose process is gone may wait so long for its seal.
    private let unsealedLimit: Duration
    private var report = RecordReport()

    /// - Parameter configuration: Its directory is checked, and its times are those that the record was kept with.
    package static func verify(
        _ configuration: RecordConfiguration, seals: any SealVerifying, at now: Timestamp
    ) throws -> RecordReport {
        var verifier = Self(configuration, seals: seals, at: now)
        for role in try Self.roles(in: configuration.directory) { verifier.verify(role: role) }
        verifier.report.findings.sort { ($0.role, $0.file, $0.line ?? 0) < ($1.role, $1.file, $1.line ?? 0) }
        return verifier.report
    }

    private init(_ configuration: RecordConfiguration, seals: any SealVerifying, at now: Timestamp) {
        self.directory = configuration.directory
        self.seals = seals
        self.now = now
        self.unsealedLimit = configuration.sealEvery * 2
    }

    /// The folders below a record's.
    static func roles(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter { name in
            !name.hasPrefix(".") && FileManager.default.fileExists(atPath: "\(directory)/\(name)/\(RecordLedger.name)")
        }.sorted()
    }

    // MARK: One role

    private mutating func verify(role: String) {
        self.report.roles.append(role)
        let folder = "\(self.directory)/\(role)"
        func found(_ kind: RecordFinding.Kind, _ file: String, _ line: Int? = nil, _ text: String) -> RecordFinding {
            RecordFinding(kind: kind, role: role, file: file, line: line, text: text)
        }
        guard let bytes = try? Self.read("\(folder)/\(RecordLedger.name)"),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else {
            self.report.findings.append(found(.unreadable, RecordLedger.name, nil, "the ledger cannot be read"))
            return
        }
        let ledger = LedgerExamination(bytes, seals: self.seals)
        self.report.findings += ledger.findings.map { found($0.kind, RecordLedger.name, $0.line, $0.text) }
        self.report.seals += ledger.seals
        if ledger.torn > 0 {
            self.report.remarks.append("\(role)/\(RecordLedger.name): it ends with \(ledger.torn) bytes of a torn line")
        }
        var known: Set = [RecordLedger.name]
        for (name, fate) in ledger.files.sorted(by: { $0.key < $1.key }) {
            known.formUnion([name, SegmentHead.path(of: name)])
            var segment = SegmentExamination(name, in: folder, fate: fate, ledger: ledger)
            segment.examine(at: self.now, unsealedLimit: self.unsealedLimit)
            self.report.findings += segment.findings.map { found($0.kind, name, $0.line, $0.text) }
            self.report.remarks += segment.remarks.map { "\(role)/\(name): \($0)" }
            if case .removed = fate { self.report.removed += 1 } else { self.report.files += 1 }
            self.report.entries += segment.entries
        }
        for name in names.sorted() where !known.contains(name) {
            // A process that was killed while it began a file leaves an empty one.
            let path = "\(folder)/\(name)"
            let isBeginning = (try? Self.read(path))?.isEmpty == true || name.hasSuffix(SegmentHead.path(of: ""))
            if isBeginning {
                self.report.remarks.append("\(role)/\(name): begun and never used")
            } else {
                self.report.findings.append(found(.unknownFile, name, nil, "the ledger does not name this file"))
            }
        }
    }

    static func read(_ path: String) throws(FileFailure) -> [UInt8] {
        let file = try RecordFile.reading(path)
        defer { file.close() }
        return try file.read()
    }
}
