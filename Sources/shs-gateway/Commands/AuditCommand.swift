import ArgumentParser
import Foundation
import Gateway

/// `audit`: what security staff does with the record of who asked what.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the record of who asked about whom, and search it.",
        subcommands: [AuditVerifyCommand.self, AuditFindCommand.self])
}

extension Timestamp {
    /// Reads a day (`2026-01-31`, its beginning in UTC) or a moment (`2026-01-31T08:00:00Z`, with or without milliseconds).
    init?(argument: String) {
        switch argument.utf8.count {
        case 10: self.init(text: argument + "T00:00:00.000Z")
        case 20: self.init(text: argument.dropLast() + ".000Z")
        default: self.init(text: argument)
        }
    }
}
