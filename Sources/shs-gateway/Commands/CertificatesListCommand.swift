import ArgumentParser
import Foundation
import Gateway
import Trust

/// `certificates list`: what runs out, the nearest end first.
struct CertificatesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the certificates and lists of the set in use, and those that peers have shown, by days left.",
        discussion: "Exit 1 when the set would be refused: then what of it can be read is listed, and what is wrong."
    )

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "A set, or the folder of all sets, in place of the configured one.") var directory: String?

    func run() async throws {
        let configuration = try await RoleSettings.load(self.options.config).configuration
        let now = Int64(Date().timeIntervalSince1970)
        let source = TrustSource(configuration, role: .all, directory: self.directory)
        let (set, own, problems) = Self.contents(of: source, at: now)
        let peers = SeenCertificates(stateDirectory: configuration.files.state).all()
            .compactMap { ListedCertificate($0, at: now) }
        let all = (own.map { ListedCertificate($0, at: now) } + peers)
            .sorted { ($0.daysLeft, $0.kind, $0.subject) < ($1.daysLeft, $1.kind, $1.subject) }
        if self.json {
            try JSONOutput.write(CertificateList(set: set, certificates: all, problems: problems))
        } else {
            let rows = all.map { ["\($0.daysLeft)", $0.notAfter, $0.kind, $0.subject, $0.file ?? "-"] }
            print(TextTable.text([["DAYS", "UNTIL", "KIND", "SUBJECT", "FILE"]] + rows))
            for problem in problems { print("problem: \(problem)") }
        }
        guard problems.isEmpty else { throw ExitWith.no }
    }

    /// The whole of a set that would be taken; of another one what can be read, and why it would not.
    private static func contents(
        of source: TrustSource, at now: Int64
    ) -> (set: Int?, entries: [InventoryEntry], problems: [String]) {
        do throws(TrustSource.Refusal) {
            let snapshot = try source.load(at: now)
            return (snapshot.number, snapshot.inventory, [])
        } catch {
            return (source.files.number, InventoryEntry.readable(in: source.directory), error.problems)
        }
    }
}

/// What `certificates list --json` prints.
private struct CertificateList: Encodable {
    /// Nil when there is none with a number.
    let set: Int?
    let certificates: [ListedCertificate]
    /// Why the set would be refused; empty when it would be taken.
    let problems: [String]
}

/// One line of the list.
private struct ListedCertificate: Encodable {
    /// The inventory's kinds, and `peer-client`, `peer-signer` and `peer-server`.
    let kind: String
    /// Of a revocation list its issuer.
    let subject: String
    let fingerprint: String
    /// RFC 3339, UTC.
    let notBefore: String?
    let notAfter: String
    /// Whole days; negative when it has ended.
    let daysLeft: Int
    /// Below the set's folder; nil for a peer's.
    let file: String?

    init(_ entry: InventoryEntry, at now: Int64) {
        self.kind = entry.kind.rawValue
        self.subject = entry.subject
        self.fingerprint = entry.fingerprint
        self.notBefore = TimeText.text(entry.notBefore)
        self.notAfter = TimeText.text(entry.notAfter)
        self.daysLeft = Expiring(fingerprint: entry.fingerprint, notAfter: entry.notAfter).daysLeft(at: now)
        self.file = entry.file
    }

    init?(_ shown: ShownCertificate, at now: Int64) {
        guard let der = shown.chain.first, let identity = (try? Certificate(der: der))?.identity else { return nil }
        self.kind = "peer-\(shown.purpose.rawValue)"
        self.subject = identity.subject
        self.fingerprint = identity.fingerprint
        self.notBefore = nil
        self.notAfter = TimeText.text(identity.notAfter)
        self.daysLeft = Expiring(fingerprint: identity.fingerprint, notAfter: identity.notAfter).daysLeft(at: now)
        self.file = nil
    }
}
