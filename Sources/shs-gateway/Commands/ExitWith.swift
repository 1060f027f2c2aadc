import ArgumentParser
import Foundation

/// The exit codes of every command: 0 yes, 1 no, 64 wrong usage (ArgumentParser's own), 70 our own failure.
enum ExitWith {
    static let no = ExitCode(1)
    static let failure = ExitCode(70)

    /// Says on standard error what went wrong and gives the exit code to throw.
    static func failure(_ text: String) -> ExitCode {
        FileHandle.standardError.write(Data("shs-gateway: \(text)\n".utf8))
        return self.failure
    }

    static func no(_ text: String) -> ExitCode {
        FileHandle.standardError.write(Data("shs-gateway: \(text)\n".utf8))
        return self.no
    }
}
