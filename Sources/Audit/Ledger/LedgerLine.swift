import Foundation
import Gateway

/// A line of a ledger as it was read.
struct LedgerLine: Sendable {
    let number: Int
    /// RFC 3339.
    let at: String
    let entry: LedgerEntry
    let hash: ChainHash
    /// Nil when it has none; empty when it is not base64 in its one form.
    let signature: [UInt8]?

    /// Nil for what no process of ours has written.
    init?(_ line: ChainLine) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line.body + [UInt8(ascii: "}")])),
            let entry = fields.entry
        else { return nil }
        self.number = line.number
        self.at = fields.at
        self.entry = entry
        self.hash = line.hash
        self.signature = line.signature.map { text in
            // One signature has one text: what differs in unused bits only is another one.
            guard let data = Data(base64Encoded: Data(text)), data.base64EncodedData() == Data(text) else { return [] }
            return [UInt8](data)
        }
    }

    private struct Fields: Decodable {
        let at: String
        let event: String
        let file: String
        let entries: Int?
        let head: String?
        let bytes: Int?
        let bySuccessor: Bool?
        let torn: Int?
        let missing: Int?

        var entry: LedgerEntry? {
            switch (self.event, self.entries, self.head) {
            case ("opened", _, _): .opened(file: self.file)
            case ("sealed", let entries?, let head?):
                self.bytes.map { bytes in
                    .sealed(
                        .init(
                            file: self.file, entries: entries, head: head, bytes: bytes,
                            bySuccessor: self.bySuccessor ?? false, torn: self.torn ?? 0, missing: self.missing ?? 0))
                }
            case ("removed", let entries?, let head?): .removed(file: self.file, entries: entries, head: head)
            default: nil
            }
        }
    }
}
