import AMQP
import AMQPTransport
import Foundation
import Gateway
import Logging
import Observability
import SSBTEK
import ServiceLifecycle
import Trust
import UnixSignals

/// What every role needs: configuration, clock, contract and its part of the trust snapshot.
struct RoleContext {
    let configuration: GatewayConfiguration
    let clock = SystemClock()
    let contract: Contract
    let snapshot: TrustSnapshot
    let topology: GatewayTopology

    /// Loads and checks everything; a role that starts has what it needs.
    static func load(_ file: String, role: TrustRole) async throws -> RoleContext {
        let configuration = try await RoleSettings.load(file).configuration
        LoggingSetup.bootstrap(configuration.log, role: role.rawValue)
        do {
            // Only who takes messages asks who may send them.
            let parties =
                try role == .ingress || role == .all
                ? PartiesFile.load(configuration.files.parties) : PartyRegister([])
            let snapshot = try TrustSnapshot.load(
                directory: configuration.files.certificates, role: role, parties: parties,
                at: SystemClock().now().seconds)
            for warning in snapshot.warnings {
                Logger.gateway.warning("Trust needs attention", metadata: [LogKeys.reason: "\(warning)"])
            }
            return RoleContext(
                configuration: configuration,
                contract: try Contract(directory: configuration.files.contract),
                snapshot: snapshot,
                topology: GatewayTopology(
                    configuration: configuration.topology, shards: configuration.correlate.shards)
            )
        } catch let error as TrustError {
            throw ExitWith.failure("\(configuration.files.certificates)/\(error)")
        } catch let error as ConfigurationError {
            throw ExitWith.failure(error.description)
        } catch {
            throw ExitWith.failure("\(configuration.files.contract): the contract's schemas cannot be read")
        }
    }

    func keyring(_ lanes: [Lane]) throws -> Keyring {
        do {
            return try Keyring(folder: self.configuration.files.keyring, lanes: lanes)
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }

    /// Runs services, in the order of their start, until SIGTERM or SIGINT; stops them in reverse order.
    func run(_ services: [any Service], whenConnected connections: BrokerConnections, ready: PortsFile?) async throws {
        let announce = ReadyService(connections: connections, ready: ready)
        let group = ServiceGroup(
            configuration: .init(
                services: (services + [announce]).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: .gateway
            ))
        do {
            try await group.run()
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }
}

/// Says once that the process is ready: when its connections to the broker stand.
private struct ReadyService: Service {
    let connections: BrokerConnections
    let ready: PortsFile?

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                try await self.connections.publisher.waitUntilConnected(timeout: .seconds(1))
                try await self.connections.consumer.waitUntilConnected(timeout: .seconds(1))
                break
            } catch {
                Logger.gateway.warning("Waiting for the broker", metadata: [LogKeys.reason: "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        Logger.gateway.notice("Ready")
        self.ready?.ready()
        try? await gracefulShutdown()
    }
}
