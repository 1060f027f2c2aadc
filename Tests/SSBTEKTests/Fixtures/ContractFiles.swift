import SSBTEK
import XML

/// The repository's own contract, loaded once for all tests.
enum ContractFiles {
    /// `Config/contracts/ssbtek-10`, three folders above this file's.
    static let directory: String = {
        let steps = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return steps.dropLast(4).joined(separator: "/") + "/Config/contracts/ssbtek-10"
    }()

    static let contract: Contract = {
        do { return try Contract(directory: directory) } catch { fatalError("no contract: \(error)") }
    }()

    /// Whether bytes are a well-formed document that the contract accepts.
    static func accepts(_ bytes: [UInt8]) -> Bool {
        guard let document = try? XMLDocument(parsing: bytes, options: XMLReadingOptions(maximumDepth: 200)) else {
            return false
        }
        return contract.accepts(document)
    }

    static func accepts(_ text: String) -> Bool { self.accepts(Array(text.utf8)) }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }

    func contains(_ text: String) -> Bool { self.count(of: text) > 0 }

    /// How often a text occurs.
    func count(of text: String) -> Int {
        let wanted = Array(text.utf8)
        guard wanted.count <= self.count else { return 0 }
        return (0...(self.count - wanted.count)).count { start in
            self[start] == wanted[0] && self[start..<(start + wanted.count)] == wanted[...]
        }
    }
}

extension String {
    /// With its byte order mark.
    var utf16BigEndian: [UInt8] {
        self.utf16.reduce(into: [0xFE, 0xFF]) { bytes, unit in
            bytes.append(UInt8(unit >> 8))
            bytes.append(UInt8(unit & 0xFF))
        }
    }
}
