import Foundation

/// The values of a running system, from a file of `KEY=VALUE` lines; quotes around a value are dropped.
struct BenchEnvironment {
    /// A key that the file should have.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private let values: [String: String]

    init(file: String) throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[String(parts[0])] = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
        }
        self.values = values
    }

    func value(_ key: String) throws -> String {
        guard let value = self.values[key] else {
            throw Missing(description: "\(key) is missing in the environment file")
        }
        return value
    }
}
