import Foundation
package import Gateway

/// Answers security staff's four questions from the record.
///
/// Reads every file of the time in question; what it says is as good as the chain, which `audit verify` checks.
package struct RecordSearch {
    /// What is asked for.
    package enum Subject: Sendable {
        /// As given in the question, letter by letter.
        case caseWorker(String)
        /// Organisation number, 10 digits.
        case party(String)
        /// The gateway's own identifier or the sender's.
        case transaction(String)
        /// A person's pseudonyms, under every key there is.
        case person([String])
    }

    private let directory: String
    private let subject: Subject
    private let since: String?
    private let until: String?

    package init(directory: String, subject: Subject, since: Timestamp? = nil, until: Timestamp? = nil) {
        self.directory = directory
        self.subject = subject
        self.since = since?.text
        self.until = until?.text
    }

    /// In the order of their first entries.
    package func run() throws -> [FoundAccess] {
        let files = try self.files()
        var requests: [String: [FoundAccess.Step]] = [:]
        var refusals: [FoundAccess] = []
        // First who asked, then what became of it: other roles know a request by its transaction only.
        let needles = self.needles
        try self.scan(files) { role, line in
            guard needles.contains(where: { Self.contains($0, line) }), let entry = RecordedEntry(line),
                self.isWithin(entry.at), let matching = self.matching(entry)
            else { return }
            let step = FoundAccess.Step(role: role, entry: matching)
            if let transaction = entry.transaction {
                requests[transaction] = [step]
            } else {
                refusals.append(FoundAccess(transaction: nil, steps: [step]))
            }
        }
        if !requests.isEmpty {
            try self.scan(files) { role, line in
                guard let transaction = Self.transaction(of: line), requests[transaction] != nil,
                    let entry = RecordedEntry(line), entry.event != "accepted"
                else { return }
                requests[transaction]?.append(FoundAccess.Step(role: role, entry: entry))
            }
        }
        let found = requests.map { transaction, steps in
            FoundAccess(
                transaction: transaction, steps: steps.sorted { ($0.entry.at, $0.rank) < ($1.entry.at, $1.rank) })
        }
        return (found + refusals).sorted { ($0.steps.first?.entry.at ?? "") < ($1.steps.first?.entry.at ?? "") }
    }

    // MARK: What matches

    /// Bytes of which one stands in every line that can match.
    private var needles: [[UInt8]] {
        let texts: [String] =
            switch self.subject {
            case .caseWorker(let text), .party(let text): [text]
            // A UUID means the same in letters of either case.
            case .transaction(let text): [text, text.lowercased(), text.uppercased()]
            case .person(let pseudonyms): pseudonyms
            }
        return texts.map { text in
            var object = JSONObject()
            object.string("x", text)
            // The text as JSON has it, without its quotes.
            return Array(object.open.dropFirst(6).dropLast())
        }
    }

    /// The entry with the questions that are asked for; nil when it is about something else.
    private func matching(_ entry: RecordedEntry) -> RecordedEntry? {
        guard entry.event == "accepted" || entry.event == "refused" else { return nil }
        var matching = entry
        switch self.subject {
        case .party(let party): return entry.party == party ? entry : nil
        case .transaction(let id):
            return entry.transaction == id || entry.txId?.lowercased() == id.lowercased() ? entry : nil
        case .caseWorker(let name): matching.questions = entry.questions?.filter { $0.caseWorker == name }
        case .person(let pseudonyms):
            matching.questions = entry.questions?.filter { pseudonyms.contains($0.person) }
        }
        return matching.questions?.isEmpty == false ? matching : nil
    }

    private func isWithin(_ moment: String) -> Bool {
        self.since.map { moment >= $0 } ?? true && self.until.map { moment < $0 } ?? true
    }

    // MARK: Reading

    private func files() throws -> [(role: String, path: String)] {
        try RecordVerifier.roles(in: self.directory).flatMap { role in
            let folder = "\(self.directory)/\(role)"
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
                name.hasSuffix(".jsonl") && name != RecordLedger.name
            }.sorted().map { (role, "\(folder)/\($0)") }
        }
    }

    private func scan(
        _ files: [(role: String, path: String)], _ body: (_ role: String, _ line: ArraySlice<UInt8>) -> Void
    ) throws {
        for (role, path) in files {
            // A file that was removed meanwhile had its time.
            guard let bytes = try? RecordVerifier.read(path) else { continue }
            for line in SplitLines(bytes).lines { body(role, line) }
        }
    }

    private static let transactionName = Array(#""transaction":""#.utf8)

    private static func transaction(of line: ArraySlice<UInt8>) -> String? {
        guard let start = Self.position(of: Self.transactionName, in: line) else { return nil }
        let text = line[(start + Self.transactionName.count)...].prefix { $0 != UInt8(ascii: "\"") }
        return String(decoding: text, as: UTF8.self)
    }

    private static func contains(_ needle: [UInt8], _ line: ArraySlice<UInt8>) -> Bool {
        Self.position(of: needle, in: line) != nil
    }

    private static func position(of needle: [UInt8], in line: ArraySlice<UInt8>) -> Int? {
        guard let first = needle.first, line.count >= needle.count else { return nil }
        var position = line.startIndex
        let end = line.endIndex - needle.count
        while position <= end {
            if line[position] == first && line[position..<position + needle.count].elementsEqual(needle) {
                return position
            }
            position += 1
        }
        return nil
    }
}

extension FoundAccess.Step {
    /// The place in a message's life, for steps of one and the same millisecond.
    fileprivate var rank: Int {
        ["accepted", "refused", "provided", "replying", "discarded", "answered"].firstIndex(of: self.entry.event) ?? 9
    }
}
