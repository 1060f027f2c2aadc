import ArgumentParser
import Audit
import Foundation
import Gateway
import SSBTEK

/// `audit find`: who asked what, by one of four questions.
struct AuditFindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Find requests in the record: by case worker, party, transaction or person.",
        discussion: """
            Exit 1 when there is none. A person's number is read from standard input, never from the command line, where \
            other users of the machine could see it. Whether the record is whole is for `audit verify` to say.
            """
    )

    @OptionGroup var options: GlobalOptions
    @Option(help: "A case worker, as the question had it.") var caseWorker: String?
    @Option(help: "A party's organisation number, 10 digits.") var party: String?
    @Option(help: "A transaction: the gateway's identifier or the sender's tx.id.") var transaction: String?
    @Flag(help: "A person, whose number (12 digits) stands on standard input.") var person = false
    @Option(help: "The folder with the keys of pseudonyms, in place of the configured one.") var keys: String?
    @Option(help: "From this day or moment on (2026-01-31, 2026-01-31T08:00:00Z; UTC).") var since: String?
    @Option(help: "Before this day or moment.") var until: String?
    @Option(help: "A folder with a record, in place of the configured one.") var directory: String?
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        let given = [self.caseWorker, self.party, self.transaction].compactMap { $0 }.count + (self.person ? 1 : 0)
        guard given == 1 else {
            throw ValidationError("one of --case-worker, --party, --transaction and --person is needed")
        }
        for text in [self.since, self.until].compactMap({ $0 }) where Timestamp(argument: text) == nil {
            throw ValidationError("\(text) is neither a day nor a moment in UTC")
        }
    }

    func run() async throws {
        let audit = try await RoleSettings.load(self.options.config).configuration.audit
        let search = RecordSearch(
            directory: self.directory ?? audit.directory, subject: try self.subject(audit),
            since: self.since.flatMap(Timestamp.init(argument:)), until: self.until.flatMap(Timestamp.init(argument:)))
        let found: [FoundAccess]
        do {
            found = try search.run()
        } catch {
            throw ExitWith.failure("\(self.directory ?? audit.directory): there is no record, or it cannot be read")
        }
        if self.json { try JSONOutput.write(found) } else { found.forEach(Self.show) }
        guard !found.isEmpty else { throw ExitWith.no }
    }

    private func subject(_ audit: RecordConfiguration) throws -> RecordSearch.Subject {
        if let caseWorker { return .caseWorker(caseWorker) }
        if let party { return .party(party) }
        if let transaction { return .transaction(transaction) }
        guard let person = try? PersonIdentity((readLine() ?? "").trimmingCharacters(in: .whitespaces)) else {
            throw ExitWith.failure("standard input holds no personal identity number of twelve digits")
        }
        do throws(PseudonymKeyError) {
            let keys = try PseudonymKeys(folder: self.keys ?? audit.pseudonymKeys, makesFirst: false)
            return .person(keys.pseudonyms(of: person))
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }

    private static func show(_ access: FoundAccess) {
        for (index, step) in access.steps.enumerated() {
            print((index == 0 ? "" : "  ") + Self.line(step))
            for question in step.entry.questions ?? [] {
                print(
                    "    case worker \(question.caseWorker), case \(question.case), person \(question.person), asks "
                        + question.providers.joined(separator: " "))
            }
        }
    }

    /// Only what the entry has, in a fixed order.
    private static func line(_ step: FoundAccess.Step) -> String {
        let entry = step.entry
        let parts: [(String, String?)] = [
            ("", entry.at), ("", step.role), ("", entry.event), ("transaction", step.isFirst ? entry.transaction : nil),
            ("tx.id", entry.txId), ("party", entry.party),
            ("signer", entry.signer.map { "\($0.serial) of \($0.issuer)" }),
            ("question", entry.question.map { "\($0 + 1)" }), ("", entry.provider), ("", entry.outcome),
            ("", entry.kalla), ("", entry.felkod), ("fault", entry.fault), ("data", entry.data.map(String.init)),
            ("errors", entry.errors.map(String.init)), ("ending", entry.ending), ("", entry.kind), ("", entry.reason),
            ("joined", entry.joined), ("ms", entry.ms.map(String.init)),
        ]
        return parts.compactMap { name, value in value.map { name.isEmpty ? $0 : "\(name) \($0)" } }
            .joined(separator: "  ")
    }
}

extension FoundAccess.Step {
    /// Whether it is the one that says who asked.
    fileprivate var isFirst: Bool { self.entry.event == "accepted" }
}
