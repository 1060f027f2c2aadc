import AMQP
import AMQPTransport
import Audit
import Foundation
import Gateway
import Logging
import Observability
import SSBTEK
import ServiceLifecycle
import Trust
import UnixSignals

/// What every role needs: configuration, clock, contract and the certificates in force.
struct RoleContext {
    let configuration: GatewayConfiguration
    let clock = SystemClock()
    let contract: Contract
    /// The certificates in force.
    let trust: TrustHolder
    /// What keeps them current.
    let reload: TrustReload
    /// What notes the certificates that peers show.
    let peers: ShownPeers
    /// Who asked what, and how it ended.
    let record: RecordKeeper
    let topology: GatewayTopology

    /// Loads and checks everything; a role that starts has what it needs.
    static func load(_ file: String, role: TrustRole) async throws -> RoleContext {
        let configuration = try await RoleSettings.load(file).configuration
        LoggingSetup.bootstrap(configuration.log, role: role.rawValue)
        MemoryProtection.apply(configuration.memory)
        // Until somebody listens to it; it would end the process.
        signal(SIGHUP, SIG_IGN)
        let contract: Contract
        do {
            contract = try Contract(directory: configuration.files.contract)
        } catch {
            throw ExitWith.failure("\(configuration.files.contract): the contract's schemas cannot be read")
        }
        let clock = SystemClock()
        configuration.token.install()
        let source = TrustSource(configuration, role: role)
        // Seen before it is loaded, so that what changes meanwhile is not overlooked.
        let seen = source.files.observe(hangUps: 0)
        let snapshot: TrustSnapshot
        do throws(TrustSource.Refusal) {
            snapshot = try source.load(at: clock.now().seconds)
        } catch {
            throw ExitWith.failure(error.problems.map { "\(source.directory)/\($0)" }.joined(separator: "\n"))
        }
        let broker = BrokerCredentials(configuration.broker, snapshot, at: clock.now().seconds)
        if let problem = broker.problem(configuration.broker) { throw ExitWith.failure(problem) }
        TrustReload.warn(about: snapshot)
        let trust = TrustHolder(snapshot)
        return RoleContext(
            configuration: configuration,
            contract: contract,
            trust: trust,
            reload: TrustReload(
                source: source, holder: trust, seen: seen, clock: clock, pollEvery: configuration.pollEvery,
                folder: ProcessFolder(configuration.files)),
            peers: ShownPeers(stateDirectory: configuration.files.state),
            record: try Self.keeper(configuration, role: role, trust: trust, clock: clock),
            topology: GatewayTopology(configuration: configuration.topology, shards: configuration.correlate.shards)
        )
    }

    private var stackErasure: [any Service] {
        let memory = self.configuration.memory
        return memory.overwritesReleased ? [StackErasure(within: memory.erasedWithin)] : []
    }

    func keyring(_ lanes: [Lane]) throws -> Keyring {
        let folder = self.configuration.files.keyring
        if KeyringStorage(of: folder) != .memory {
            let sentence = "keyring.directory: \(folder) is not on a file system in memory (tmpfs or ramfs)"
            guard !self.configuration.keyringRequiresMemory else {
                throw ExitWith.failure(
                    "\(sentence): a disk may keep destroyed keys; keyring.requireMemory says whether that is demanded")
            }
            Logger.gateway.warning("The keyring is on a disk, which may keep destroyed keys")
        }
        do {
            return try Keyring(folder: folder, lanes: lanes, configuration: self.configuration.keyring)
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }

    /// Runs services, in the order of their start, until SIGTERM or SIGINT; stops them in reverse order.
    func run(_ services: [any Service], whenConnected connections: BrokerConnections, ready: PortsFile?) async throws {
        let announce = ReadyService(connections: connections, ready: ready)
        // After the connections, so that their end in order is no loss.
        let watch = BrokerWatch(
            connections: connections, record: self.record, clock: self.clock,
            interval: self.configuration.audit.syncEvery)
        // The first to start and so the last to stop: whatever the others do can be written down.
        let record = RecordService(self.record, set: { [trust] in trust.current.number })
        let group = ServiceGroup(
            configuration: .init(
                services: ([record, self.reload, self.peers.service] + self.stackErasure + self.revocationFetching
                    + services
                    + [watch, announce]).map {
                        .init(service: $0)
                    },
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
        // It was told to stop while it waited.
        guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
        Logger.gateway.notice("Ready")
        self.ready?.ready()
        try? await gracefulShutdown()
    }
}
