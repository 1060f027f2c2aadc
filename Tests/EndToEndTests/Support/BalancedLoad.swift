import Foundation
import SHS
import SHSClient
import Synchronization
import Trust

/// Requests of one municipality to two ingresses in turn, as over a balancer with a health check: a connection that is
/// refused or closed sends the same message to the other one.
final class BalancedLoad: Sendable {
    /// What one request got.
    struct Result: Sendable {
        let person: Person
        let reply: [UInt8]
        let txID: String
        /// Since the start of the load.
        let sent: Duration
        let ended: Duration
    }

    private struct State {
        var isStopped = false
        var results: [Result] = []
        var failures: [String] = []
    }

    private let clients: [SHSClient]
    private let signer: CMSSigner
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    init(_ system: GatewaySystem, _ ingresses: [Role]) throws {
        let files = system.pki.path(PKI.Peer.municipalityA.rawValue)
        let credentials = SHSClient.Credentials(
            anchors: system.pki.path("peers/server-anchors.pem"), certificate: files + "/transport.crt",
            key: files + "/transport.key")
        self.clients = try ingresses.map {
            try SHSClient(url: system.url(of: $0), credentials: credentials, maximumConnections: 200)
        }
        self.signer = try CMSSigner(
            certificatePEM: Workspace.bytes(files + "/signer.crt"), keyPEM: Workspace.bytes(files + "/signer.key"))
    }

    var now: Duration { ContinuousClock.now - self.start }
    var results: [Result] { self.state.withLock { $0.results } }
    var failures: [String] { self.state.withLock { $0.failures } }

    func stop() { self.state.withLock { $0.isStopped = true } }

    func shutdown() async { for client in self.clients { await client.shutdown() } }

    /// Sends at a steady rate until ``stop()``, however many still wait; returns when every request has its end.
    func run(rate: Int) async {
        let clock = ContinuousClock()
        await withDiscardingTaskGroup { group in
            var count = 0
            while !Task.isCancelled, !self.state.withLock({ $0.isStopped }) {
                try? await clock.sleep(until: self.start + .seconds(Double(count) / Double(rate)))
                let number = count
                group.addTask { await self.ask(number) }
                count += 1
            }
        }
    }

    /// So many within a short time; returns when every one has its end.
    func burst(_ count: Int, within time: Duration) async {
        let clock = ContinuousClock()
        let start = clock.now
        await withDiscardingTaskGroup { group in
            for number in 0..<count {
                group.addTask { await self.ask(number) }
                try? await clock.sleep(until: start + time * number / count)
            }
        }
    }

    private func ask(_ number: Int) async {
        let person = Person.new()
        let sent = self.now
        var failure = ""
        do {
            let message = try self.message(about: person)
            for attempt in 0..<2 {
                do {
                    let client = self.clients[(number + attempt) % self.clients.count]
                    let response = try await client.post(message.bytes, timeout: .seconds(60))
                    guard response.status == 200 else {
                        failure = "\(response.status) \(response.errorCode ?? "")"
                        break
                    }
                    let result = Result(
                        person: person, reply: response.body, txID: message.txID, sent: sent, ended: self.now)
                    return self.state.withLock { $0.results.append(result) }
                } catch {
                    failure = "\(error)"
                }
            }
        } catch {
            failure = "\(error)"
        }
        self.state.withLock { [failure] in $0.failures.append("at \(sent): \(failure)") }
    }

    private func message(about person: Person) throws -> OutgoingMessage {
        guard let from = PartyAddress(PKI.Organisation.municipalityA), let to = PartyAddress(PKI.Organisation.node),
            let product = ProductID("00000000-0000-0000-0000-00000000e001")
        else { throw Failure(description: "addresses") }
        return try OutgoingMessage(
            [.init(filename: "question.xml", document: Array(Question(person).text.utf8))],
            address: .init(from: from, to: to, product: product, status: .test), signer: self.signer,
            datetime: "2026-01-02T03:04:05", newUUID: { UUID().uuidString.lowercased() })
    }
}
