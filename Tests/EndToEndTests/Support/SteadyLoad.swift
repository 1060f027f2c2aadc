import Foundation
import SHS
import SHSClient
import Synchronization
import Trust

/// Requests of one municipality at a steady rate, every other one on a connection of its own, until it is stopped.
///
/// Open loop: a request is sent when its time has come, however many are still waiting.
final class SteadyLoad: Sendable {
    private struct State {
        var credentials: SHSClient.Credentials
        var kept: SHSClient
        var retired: [SHSClient] = []
        var isStopped = false
        var answered = 0
        var failures: [String] = []
        var lastReply: [UInt8] = []
        var slowest = Duration.zero
    }

    private let url: String
    private let rate: Int
    private let signer: CMSSigner
    private let state: Mutex<State>

    /// Requests a second: few enough for a debug build on a busy machine; `ROTATION_RATE` sets another.
    static let rate = ProcessInfo.processInfo.environment["ROTATION_RATE"].flatMap { Int($0) } ?? 15

    init(_ system: GatewaySystem, as peer: PKI.Peer = .municipalityA, rate: Int = SteadyLoad.rate) throws {
        self.url = system.url
        self.rate = rate
        let files = system.pki.path(peer.rawValue)
        self.signer = try CMSSigner(
            certificatePEM: Workspace.bytes(files + "/signer.crt"), keyPEM: Workspace.bytes(files + "/signer.key"))
        let credentials = SHSClient.Credentials(
            anchors: system.pki.path("peers/server-anchors.pem"), certificate: files + "/transport.crt",
            key: files + "/transport.key")
        self.state = Mutex(State(credentials: credentials, kept: try Self.client(system.url, credentials)))
    }

    var answered: Int { self.state.withLock { $0.answered } }
    var failures: [String] { self.state.withLock { $0.failures } }
    /// The longest that a request has taken, its connection included.
    var slowest: Duration { self.state.withLock { $0.slowest } }
    var lastReply: [UInt8] { self.state.withLock { $0.lastReply } }

    /// From now on the municipality shows another certificate.
    func change(certificate: String, key: String) throws {
        let anchors = self.state.withLock { $0.credentials.anchors }
        let credentials = SHSClient.Credentials(anchors: anchors, certificate: certificate, key: key)
        let client = try Self.client(self.url, credentials)
        self.state.withLock { state in
            state.retired.append(state.kept)
            (state.credentials, state.kept) = (credentials, client)
        }
    }

    func stop() { self.state.withLock { $0.isStopped = true } }

    /// Sends until ``stop()``; returns when every request has its end.
    func run() async {
        let clock = ContinuousClock()
        let start = clock.now
        await withDiscardingTaskGroup { group in
            var count = 0
            while !Task.isCancelled, !self.state.withLock({ $0.isStopped }) {
                try? await clock.sleep(until: start + .seconds(Double(count) / Double(self.rate)))
                let usesNewConnection = count % 2 == 1
                group.addTask { await self.send(onNewConnection: usesNewConnection, at: clock.now - start) }
                count += 1
            }
        }
        let clients = self.state.withLock { $0.retired + [$0.kept] }
        for client in clients { await client.shutdown() }
    }

    private func send(onNewConnection isNew: Bool, at time: Duration) async {
        let (credentials, kept) = self.state.withLock { ($0.credentials, $0.kept) }
        let own = isNew ? try? Self.client(self.url, credentials) : nil
        let sent = ContinuousClock.now
        var failure: String?
        var reply: [UInt8] = []
        do {
            let response = try await (own ?? kept).post(try self.message(), timeout: .seconds(30))
            if response.status == 200 {
                reply = response.body
            } else {
                failure = "\(response.status) \(response.errorCode ?? "")"
            }
        } catch {
            failure = "\(error)"
        }
        let duration = ContinuousClock.now - sent
        await own?.shutdown()
        self.state.withLock { state in
            state.answered += 1
            state.slowest = max(state.slowest, duration)
            if let failure { state.failures.append("\(time) \(isNew ? "new" : "kept"): \(failure)") }
            if !reply.isEmpty { state.lastReply = reply }
        }
    }

    private func message() throws -> [UInt8] {
        guard let from = PartyAddress(PKI.Organisation.municipalityA), let to = PartyAddress(PKI.Organisation.node),
            let product = ProductID("00000000-0000-0000-0000-00000000e001")
        else { throw Failure(description: "addresses") }
        return try OutgoingMessage(
            [.init(filename: "question.xml", document: Array(Question(.new()).text.utf8))],
            address: .init(from: from, to: to, product: product, status: .test), signer: self.signer,
            datetime: "2026-01-02T03:04:05", newUUID: { UUID().uuidString.lowercased() }
        ).bytes
    }

    private static func client(_ url: String, _ credentials: SHSClient.Credentials) throws -> SHSClient {
        try SHSClient(url: url, credentials: credentials, maximumConnections: 32)
    }
}
