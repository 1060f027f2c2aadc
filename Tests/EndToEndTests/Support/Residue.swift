import Foundation
import GatewayTestSupport

/// Looks for persons' numbers in what processes have written: plain, in UTF-16, and inside base64.
///
/// The ten digits are looked for, since they stand in the number of twelve as well; and with a hyphen.
struct Residue {
    /// For `grep -F`.
    private let texts: [String]
    /// For `grep -P`: UTF-16 of either byte order.
    private let wide: [String]

    init(of numbers: some Sequence<String>) {
        let tens = Set(numbers.map { String($0.suffix(10)) }).sorted()
        self.texts = tens.flatMap { ten in
            [ten, "\(ten.prefix(6))-\(ten.suffix(4))"] + Self.base64(of: Array(ten.utf8))
        }
        self.wide = tens.map { $0.map { "\($0)" }.joined(separator: "\\x00") }
    }

    /// The files below some folders in which one of the numbers stands; `-a` since most are binary.
    func files(in folders: [String]) async throws -> [String] {
        let fixed = try Workspace.file("fixed.patterns", with: Array(self.texts.joined(separator: "\n").utf8))
        let found = try await Self.grep(["-F", "-f", fixed], folders)
        return Set(found + (try await Self.grep(["-P", "-e", self.wide.joined(separator: "|")], folders))).sorted()
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

    private static func grep(_ patterns: [String], _ folders: [String]) async throws -> [String] {
        let program = Program(["grep", "-r", "-l", "-a"] + patterns + ["--"] + folders, environment: ["LC_ALL": "C"])
        let output = try await program.run()
        // 1 means that nothing was found; 2 that something could not be read, such as a file that went meanwhile.
        guard output.status < 2 || output.errorText.contains("No such file") else {
            throw PrivateBroker.Failure(description: "grep: \(output.errorText)")
        }
        return output.text.split(separator: "\n").map(String.init)
    }
}
