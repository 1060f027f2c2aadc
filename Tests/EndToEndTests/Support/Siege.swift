import Foundation
import GatewayTestSupport
import NIOCore
import NIOSSL
import Synchronization

/// A gateway with an ingress that is attacked, and a municipality that asks it all the while.
struct Siege: Sendable {
    let system: GatewaySystem

    /// Small where a limit is to be reached soon.
    static let settings = [
        "SHS_INGRESS_LIMITS_HANDSHAKE": "4s", "SHS_INGRESS_LIMITS_HEADER": "3s", "SHS_INGRESS_LIMITS_RESPONSE": "5s",
        "SHS_INGRESS_LIMITS_BODY": "4s",
        // A line for each of a hundred thousand refusals would be an attack by itself.
        "SHS_LOG_LEVEL": "notice",
        "SHS_INGRESS_LIMITS_BUFFERED_BYTES": "\(Self.bufferedBytes)",
        "SHS_INGRESS_LIMITS_BUFFERED_BYTES_PER_CERTIFICATE": "\(Self.bufferedBytes / 4)",
        "SHS_INGRESS_LIMITS_HANDSHAKES": "\(Self.handshakes)",
        "SHS_INGRESS_LIMITS_CONNECTIONS_PER_CERTIFICATE": "\(Self.connectionsPerCertificate)",
        "SHS_INGRESS_LIMITS_CONNECTIONS_PER_PEER": "64",
    ]
    static let bufferedBytes = 32 << 20
    static let handshakes = 512
    static let connectionsPerCertificate = 256

    /// Bytes that the ingress may take for an attack, at its worst moment.
    ///
    /// Every connection that it may have of silent strangers and of the two attackers with a certificate, each with 64 KiB: a
    /// TLS record either way, a header, a read; and all bodies twice, since an array that grows is copied.
    static let allowance = (handshakes + 2 * connectionsPerCertificate) * 64 * 1_024 + 2 * bufferedBytes

    var port: Int { self.system.port("SHS_PORT") }

    /// The most memory that the ingress has had so far.
    var peakMemory: Int {
        let line = Workspace.text("/proc/\(self.system.pid(.ingress))/status").split(separator: "\n")
            .first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
    }

    /// The same before the first attack on this process.
    var memoryInPeace: Int {
        let (pid, now) = (self.system.pid(.ingress), self.peakMemory)
        return Self.inPeace.withLock { known in
            if let before = known[pid] { return before }
            known[pid] = now
            return now
        }
    }

    private static let inPeace = Mutex<[pid_t: Int]>([:])

    /// Attackers' connections after their handshake.
    func connections(
        _ count: Int, as peer: PKI.Peer, perAddress: Int = 50, reads: Bool = true
    ) async throws -> [HostileConnection] {
        let files = self.system.pki.path(peer.rawValue + "/transport")
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(self.system.pki.path("peers/server-anchors.pem"))
        configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(files + ".crt").map { .certificate($0) }
        configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: files + ".key", format: .pem))
        configuration.shutdownTimeout = .milliseconds(100)
        return try await HostileConnection.open(
            count, to: self.port, perAddress: perAddress, tls: NIOSSLContext(configuration: configuration),
            reads: reads)
    }

    /// Connections of strangers, with TCP alone.
    func strangers(_ count: Int, perAddress: Int = 50) async throws -> [HostileConnection] {
        try await HostileConnection.open(count, to: self.port, perAddress: perAddress)
    }

    /// What `openssl s_client` shows when it is given these lines, one every 20 ms, as a client of the endpoint.
    func openssl(_ options: [String], lines: [String], as peer: PKI.Peer) async throws -> String {
        let files = self.system.pki.path(peer.rawValue + "/transport")
        let input = try Workspace.file("lines", with: Array(lines.map { $0 + "\n" }.joined().utf8))
        let client =
            "openssl s_client -connect 127.0.0.1:\(self.port) -cert \(files).crt -key \(files).key \(options.joined(separator: " "))"
        // It takes what it reads at once for one line.
        let output = try await Program([
            "bash", "-c",
            "{ sleep 1; while read -r line; do printf '%s\\r\\n' \"$line\"; sleep 0.02; done; sleep 2; } <\(input) | timeout 20 \(client) 2>&1",
        ]).run()
        return output.text
    }
}
