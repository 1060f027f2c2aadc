import Foundation
import GatewayTestSupport

/// Looks for persons' numbers in what processes have written: plain, in UTF-16, and inside base64.
///
/// The ten digits are looked for, since they stand in the number of twelve as well; and with a hyphen.
struct Residue {
    /// For `grep -F`; UTF-16 of either byte order has the same bytes in the middle.
    private let patterns: [String]

    init(of numbers: some Sequence<String>) {
        let tens = Set(numbers.map { String($0.suffix(10)) }).sorted()
        self.patterns = tens.flatMap { ten in
            [ten, "\(ten.prefix(6))-\(ten.suffix(4))", ten.map { "\($0)" }.joined(separator: "\0")]
                + Self.base64(of: Array(ten.utf8))
        }
    }

    /// The files below some folders in which one of the numbers stands; `-a` since most are binary.
    func files(in folders: [String]) async throws -> [String] {
        let patterns = try Workspace.file("patterns", with: Array(self.patterns.joined(separator: "\n").utf8))
        let output = try await Program(
            ["grep", "-r", "-l", "-a", "-F", "-f", patterns, "--"] + folders, environment: ["LC_ALL": "C"]
        ).run()
        // 1 means that nothing was found; 2 that something could not be read, such as a file that went meanwhile.
        guard output.status < 2 || output.errorText.contains("No such file") else {
            throw Failure(description: "grep: \(output.errorText)")
        }
        return output.text.split(separator: "\n").map(String.init).sorted()
    }

    /// The part of base64 that is the same whatever stands before and after, for each of the three places in a group.
    static func base64(of bytes: [UInt8]) -> [String] {
        (0..<3).map { offset in
            let encoded = Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString()
            let first = (offset * 8 + 5) / 6
            let end = (offset + bytes.count) * 8 / 6
            return String(encoded.prefix(end).dropFirst(first))
        }
    }
}
