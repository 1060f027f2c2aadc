import ArgumentParser
import Foundation
import Logging
import Observability
import Providers
import SSBTEK
import ServiceLifecycle
import Trust
import UnixSignals

/// `simulate`: the seven base services, for demonstrations and tests.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate the seven base services over mutual TLS, each on a port of its own.",
        discussion: """
            Answers are made from the person's number and are the same in every run. --set changes how a service behaves: \
            'latency=20ms' for all, 'CSN:latency=6s', 'FK:latency=50ms..200ms,errors=0.1', 'SO:garbage=1', 'TNS:hang=1', \
            'MIV:away'.
            """
    )

    @OptionGroup var options: GlobalOptions
    @Option(name: .customLong("set"), help: "Behaviour, for one provider or for all; repeatable.")
    var behaviours: [String] = []
    @Option(help: "Write the bound ports here (AF_PORT and so on) once all listen.")
    var portsFile: String?

    func run() async throws {
        let configuration = try await RoleSettings.load(self.options.config).configuration
        LoggingSetup.bootstrap(configuration.log, role: "simulate")
        let behaviour: [Provider: SimulatorBehaviour]
        do {
            behaviour = try SimulatorBehaviour.perProvider(self.behaviours)
        } catch {
            throw ValidationError(error.description)
        }
        let services = Provider.allCases.map { provider in
            let own = configuration.providers.first { $0.provider == provider }
            return SimulatorConfiguration.Service(
                provider,
                port: configuration.simulatorPorts[provider] ?? 0,
                usesSOAP: own?.usesSOAP ?? false,
                form: own?.form,
                behaviour: behaviour[provider] ?? SimulatorBehaviour()
            )
        }
        let ports = PortsFile(self.portsFile, waitingFor: Set(Provider.allCases.map { "\($0.rawValue)_PORT" }))
        let server = SimulatorServer(
            SimulatorConfiguration(services: services, credentials: try Self.credentials(configuration.files)),
            whenReady: { bound in
                for (provider, port) in bound { ports.bound("\(provider.rawValue)_PORT", to: port) }
            },
            whenShown: { provider, certificate in
                let shown = ShownCertificate(purpose: .client, chain: [certificate])
                Logger.gateway.notice(
                    "A client has shown a certificate",
                    metadata: [
                        LogKeys.provider: .string(provider.rawValue),
                        LogKeys.fingerprint: .string(shown.fingerprint ?? ""),
                    ])
            }
        )
        let group = ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: .gateway)
        do {
            try await group.run()
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }

    private static func credentials(_ files: FilesConfiguration) throws -> ProviderCredentials {
        func read(_ name: String) throws -> [UInt8] {
            guard let bytes = FileManager.default.contents(atPath: "\(files.certificates)/\(name)") else {
                throw ExitWith.failure("\(files.certificates)/\(name): not readable")
            }
            return [UInt8](bytes)
        }
        return ProviderCredentials(
            certificateChain: try read("simulators/server.crt"),
            privateKey: try read("simulators/server.key"),
            anchors: try read("simulators/anchors.pem")
        )
    }
}
