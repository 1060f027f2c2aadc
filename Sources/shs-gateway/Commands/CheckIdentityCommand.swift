import ArgumentParser
import SSBTEK

/// `check-identity`: one verdict line per line of standard input.
struct CheckIdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-identity",
        abstract: "Read identity numbers from standard input, one a line; print KIND VALID or INVALID reason.",
        discussion: "KIND is personnummer, samordningsnummer or organisationsnummer. Exit 1 when any line is invalid."
    )

    func run() throws {
        var allValid = true
        while let line = readLine(strippingNewline: true) {
            let verdict = IdentityNumber.classify(line)
            if case .invalid = verdict { allValid = false }
            print(verdict)
        }
        guard allValid else { throw ExitWith.no }
    }
}
