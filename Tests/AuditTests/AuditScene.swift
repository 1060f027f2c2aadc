import Audit
import Crypto
import Foundation
import Gateway
import SHS
import SSBTEK

/// A record in a folder of its own, with a clock and a key of its own.
final class AuditScene {
    static let start = Timestamp(milliseconds: 1_800_000_000_000)

    let folder: String
    let clock = HandClock(at: AuditScene.start)
    let key = SeedKey(seed: 1)
    var configuration = RecordConfiguration()

    init() throws {
        self.folder = FileManager.default.temporaryDirectory.path + "/audit-\(UInt64.random(in: 0 ... .max))"
        self.configuration.directory = self.folder + "/record"
        self.configuration.pseudonymKeys = self.folder + "/keys"
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.folder) }

    func keeper(_ role: String = "ingress", signer: (any SealSigning)? = nil) throws -> RecordKeeper {
        try RecordKeeper(self.configuration, role: role, signer: signer ?? self.key, clock: self.clock)
    }

    /// A record of one file that is sealed, with so many entries besides the one that the keeper makes itself.
    func sealedRecord(entries: Int) throws {
        let keeper = try self.keeper()
        for number in 0..<entries { try keeper.keep(Self.event(number)) }
        try keeper.close()
    }

    func verify(trusting key: SeedKey? = nil) throws -> RecordReport {
        try RecordVerifier.verify(self.configuration, seals: key ?? self.key, at: self.clock.now())
    }

    // MARK: Files

    var ledger: String { self.path("ingress", "ledger.jsonl") }

    func path(_ role: String, _ name: String) -> String { "\(self.configuration.directory)/\(role)/\(name)" }

    /// The files with entries, the oldest first.
    func segments(_ role: String = "ingress") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(self.configuration.directory)/\(role)")
            .filter { $0.hasSuffix(".jsonl") && $0 != "ledger.jsonl" }.sorted().map { self.path(role, $0) }
    }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    /// Overwrites in place, as somebody with an editor would.
    static func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    static func lines(_ path: String) throws -> [[UInt8]] {
        try Self.bytes(path).split(separator: 0x0A).map { Array($0) }
    }

    static func write(lines: [[UInt8]], to path: String) throws {
        try Self.write(Array(lines.map { $0 + [0x0A] }.joined()), to: path)
    }

    // MARK: Entries

    static func event(_ number: Int) -> RecordEvent {
        .provided(TransactionID("t\(number)"), Slot(question: 0, provider: .csn), .data, .milliseconds(7))
    }

    static func accepted(
        _ transaction: String, caseWorker: String = "handlaggare-17", caseID: String = "EB-42",
        party: String = "2120009911",
        txID: String? = nil, person: String = "000001:ab"
    ) -> RecordEvent {
        let certificate = RecordedCertificate(
            CertificateIdentity(
                subject: "CN=s", subjectSerialNumber: nil, commonName: "s", issuer: "CN=issuer,C=SE",
                serialNumber: "0A1B", fingerprint: "ab", notAfter: 0))
        return .accepted(
            AcceptedAccess(
                transaction: TransactionID(transaction), txID: txID, party: party, signer: certificate,
                client: certificate,
                questions: [
                    .init(caseWorker: caseWorker, caseID: caseID, person: person, providers: [.af, .csn])
                ]))
    }
}

/// Signs seals with Ed25519: a key for each seed.
struct SeedKey: SealSigning, SealVerifying {
    private let key: Curve25519.Signing.PrivateKey

    init(seed: UInt8) {
        let bytes = [UInt8](repeating: seed, count: 32)
        do {
            self.key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        } catch {
            preconditionFailure("32 bytes are a key")
        }
    }

    func signature(over bytes: [UInt8]) throws -> [UInt8]? { [UInt8](try self.key.signature(for: bytes)) }

    func signer(of signature: [UInt8], over bytes: [UInt8], at instant: Int64) -> String? {
        self.key.publicKey.isValidSignature(signature, for: bytes) ? "CN=seed" : nil
    }
}

/// A node without a key for its record.
struct NoKey: SealSigning {
    func signature(over bytes: [UInt8]) throws -> [UInt8]? { nil }
}
