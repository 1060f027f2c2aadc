import AMQP
import AMQPTransport
import Foundation
import Gateway
import HTTPIngress
import Logging
import Observability
import Providers
import SHS
import SSBTEK
import ServiceLifecycle
import Synchronization
import Trust

/// Proves a candidate set on the real thing: handshakes, a signature, connections.
///
/// Nothing of it touches what runs.
struct SelfTest {
    struct Result: Encodable {
        let name: String
        /// Nil when it went well.
        let reason: String?

        var isGood: Bool { self.reason == nil }
    }

    private let configuration: GatewayConfiguration
    private let candidate: TrustSnapshot
    /// Where the candidate lies: each role's part of it is loaded from there.
    private let directory: String
    private let instant: Int64

    init(
        _ configuration: GatewayConfiguration, _ candidate: TrustSnapshot, in directory: String, at instant: Int64
    ) {
        self.configuration = configuration
        self.candidate = candidate
        self.directory = directory
        self.instant = instant
    }

    func run() async -> [Result] {
        var results = [
            Result(name: "a TLS handshake as the endpoint", reason: await self.endpoint()),
            Result(
                name: "a signature with the reply key",
                reason: self.candidate.signsCorrectly(at: self.instant) ? nil : "it cannot be made, or does not hold"),
        ]
        for provider in self.configuration.providers {
            results.append(
                Result(name: "a connection to \(provider.provider.rawValue)", reason: await self.baseService(provider)))
        }
        if self.configuration.broker.tls != nil {
            for role in self.brokerRoles {
                results.append(
                    Result(name: "a connection to the broker as \(role.rawValue)", reason: await self.broker(role)))
            }
        }
        return results
    }

    /// The endpoint's own server on a free loopback port, with the candidate's certificate and key.
    private func endpoint() async -> String? {
        guard let own = self.candidate.server(at: self.instant),
            let client = self.candidate.providerClient(for: "", at: self.instant)
        else {
            return "there is no server certificate"
        }
        var settings = self.configuration.ingress
        settings.host = "127.0.0.1"
        settings.port = 0
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let endpoint = HTTPIngress(
            configuration: settings,
            credentials: SnapshotCredentials(trust: TrustHolder(self.candidate), clock: SystemClock()),
            handler: NobodyHandler(), logger: Logger(label: "rehearsal") { _ in SwiftLogNoOpLogHandler() },
            onListening: { continuation.yield($0) })
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                do { try await endpoint.run() } catch { continuation.finish() }
                return "the server cannot be started"
            }
            group.addTask {
                for await port in ports {
                    do {
                        // The client is not one of ours, so it is refused in the end; its own part of the handshake is what
                        // proves certificate and key.
                        let shown = try await TLSProbe.connect(
                            host: "127.0.0.1", port: port,
                            credentials: ProviderCredentials(
                                certificateChain: client.chainPEM, privateKey: client.keyPEM, anchors: own.chainPEM),
                            verifiesName: false, patience: .zero)
                        return ShownCertificate(purpose: .server, chain: [shown]).fingerprint
                            == own.identity.fingerprint
                            ? nil : "another certificate was shown"
                    } catch {
                        return "\(error)"
                    }
                }
                return "the server cannot be started"
            }
            let result = await group.next() ?? nil
            group.cancelAll()
            return result
        }
    }

    private func baseService(_ provider: ProviderConfiguration) async -> String? {
        guard let own = self.candidate.providerClient(for: provider.provider.rawValue, at: self.instant),
            let anchors = self.candidate.providerAnchorsPEM, let url = URL(string: provider.url), let host = url.host
        else { return "there is no certificate for it" }
        do {
            let shown = try await TLSProbe.connect(
                host: host, port: url.port ?? 443,
                credentials: ProviderCredentials(
                    certificateChain: own.chainPEM, privateKey: own.keyPEM, anchors: anchors))
            let verdict = self.candidate.verifyServer(certificatesDER: [shown], host: host, at: self.instant)
            return verdict.reason.map { "its certificate is refused, \($0.rawValue)" }
        } catch {
            return "\(error)"
        }
    }

    /// Those of the processes that run; without any, all that may run apart.
    private var brokerRoles: [TrustRole] {
        let running = ProcessFolder(self.configuration.files).live().map(\.role)
        let roles = TrustRole.allCases.filter { running.contains($0.rawValue) }
        return roles.isEmpty ? [.ingress, .worker, .correlator] : roles
    }

    private func broker(_ role: TrustRole) async -> String? {
        let snapshot: TrustSnapshot
        do throws(TrustSource.Refusal) {
            snapshot = try TrustSource(self.configuration, role: role, directory: self.directory).load(at: self.instant)
        } catch {
            return error.problems.joined(separator: "; ")
        }
        let settings = BrokerCredentials(self.configuration.broker, snapshot, at: self.instant)
            .applied(to: self.configuration.broker)
        let connection = AMQPConnection(
            configuration: settings, logger: Logger(label: "rehearsal") { _ in SwiftLogNoOpLogHandler() })
        let run = Task { try await connection.run() }
        defer { run.cancel() }
        do {
            try await connection.waitUntilConnected(timeout: .seconds(5))
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// Answers nobody: in a self-test no request is expected.
private struct NobodyHandler: RequestHandling {
    func handle(_ request: InboundRequest) async -> OutboundResponse { .refused(.internalError, retryAfter: nil) }
}
