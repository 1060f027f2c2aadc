import Foundation
import Logging
import Observability
import ServiceLifecycle
import Synchronization
import Trust

/// Keeps the certificates, and nothing else, that peers have shown lately: what a rehearsal is made with.
///
/// One PEM file per certificate in `<state.directory>/seen`, named by purpose and fingerprint, so that any number of
/// processes write there without meeting; its modification time says when it was last shown. The decision itself only
/// notes the certificate; files are written by ``run()``.
final class SeenCertificates: Service {
    /// Certificates that are kept: ten times the parties there are, with two certificates each.
    static let capacity = 10_000
    /// A certificate that nobody has shown for so long is forgotten.
    static let memory: TimeInterval = 90 * 86_400

    private let folder: String
    private let flushEvery: Duration
    /// What was shown since the last flush; beyond the capacity the rest waits until it is shown again.
    private let pending = Mutex<Set<ShownCertificate>>([])

    init(stateDirectory: String, flushEvery: Duration = .seconds(5)) {
        self.folder = Self.folder(in: stateDirectory)
        self.flushEvery = flushEvery
    }

    /// Where they are kept.
    static func folder(in stateDirectory: String) -> String { stateDirectory + "/seen" }

    /// Notes one certificate; never blocks on a file.
    func note(_ certificate: ShownCertificate) {
        self.pending.withLock { pending in
            if pending.count < Self.capacity { pending.insert(certificate) }
        }
    }

    func run() async throws {
        self.tidy()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: self.flushEvery) }
            self.flush()
        }
        self.flush()
    }

    /// Writes what was noted; a certificate that is there already only gets a new time.
    func flush() {
        let certificates = self.pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
        guard !certificates.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for certificate in certificates {
                guard let path = self.path(of: certificate) else { continue }
                if FileManager.default.fileExists(atPath: path) {
                    try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
                } else {
                    try Data(SeenFile.text(of: certificate).utf8).write(
                        to: URL(fileURLWithPath: path), options: .atomic)
                }
            }
        } catch {
            Logger.gateway.warning(
                "Shown certificates could not be kept", metadata: [LogKeys.reason: "\((error as NSError).code)"])
        }
    }

    /// Forgets what is old, and the oldest of too many.
    func tidy(now: Date = Date()) {
        var files = self.files()
        files.sort { $0.date > $1.date }
        for (index, file) in files.enumerated()
        where index >= Self.capacity || now.timeIntervalSince(file.date) > Self.memory {
            try? FileManager.default.removeItem(atPath: file.path)
        }
    }

    /// All that are kept, the last shown first.
    func all() -> [ShownCertificate] {
        self.files().sorted { $0.date > $1.date }.compactMap { file in
            FileManager.default.contents(atPath: file.path).flatMap { SeenFile.read([UInt8]($0)) }
        }
    }

    private func files() -> [(path: String, date: Date)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.folder)) ?? []
        return names.filter { $0.hasSuffix(".pem") }.compactMap { name in
            let path = "\(self.folder)/\(name)"
            let date = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            return date.map { (path, $0) }
        }
    }

    private func path(of certificate: ShownCertificate) -> String? {
        certificate.fingerprint.map { "\(self.folder)/\(certificate.purpose.rawValue)-\($0).pem" }
    }
}

/// One kept certificate as text: `# purpose`, `# server NAME` for a server, then its chain as PEM.
enum SeenFile {
    static func text(of certificate: ShownCertificate) -> String {
        var lines = ["# \(certificate.purpose.rawValue)"]
        if let name = certificate.serverName { lines.append("# server \(name)") }
        for der in certificate.chain {
            lines.append("-----BEGIN CERTIFICATE-----")
            lines.append(
                Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed]))
            lines.append("-----END CERTIFICATE-----")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Nil when it is not such a file.
    static func read(_ bytes: [UInt8]) -> ShownCertificate? {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let first = lines.first, first.hasPrefix("# "),
            let purpose = CertificatePurpose(rawValue: String(first.dropFirst(2)))
        else { return nil }
        let name = lines.first { $0.hasPrefix("# server ") }.map { String($0.dropFirst("# server ".count)) }
        var chain: [[UInt8]] = []
        var encoded = ""
        for line in lines where !line.hasPrefix("#") {
            if line == "-----BEGIN CERTIFICATE-----" {
                encoded = ""
            } else if line == "-----END CERTIFICATE-----" {
                guard let der = Data(base64Encoded: encoded) else { return nil }
                chain.append([UInt8](der))
            } else {
                encoded += line
            }
        }
        return chain.isEmpty ? nil : ShownCertificate(purpose: purpose, chain: chain, serverName: name)
    }
}
