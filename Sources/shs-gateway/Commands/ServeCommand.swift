import ArgumentParser
import Providers
import SSBTEK
import Trust

/// `serve`: all roles in one process.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run all roles in one process: ingress, workers for every provider, correlator."
    )

    @OptionGroup var options: GlobalOptions
    @Option(help: "Write the bound ports here (SHS_PORT, HEALTH_PORT) once everything is ready.")
    var portsFile: String?

    func run() async throws {
        let context = try await RoleContext.load(self.options.config, role: .all)
        let correlator = try CorrelatorRole(context)
        let worker = try WorkerRole(context, providers: context.configuration.providers.map(\.provider))
        let ingress = try IngressRole(context)
        let ports = PortsFile(self.portsFile, waitingFor: ["SHS_PORT", "HEALTH_PORT"])
        try await context.run(
            correlator.services + worker.services + ingress.services(ports: ports),
            whenConnected: ingress.connections,
            ready: nil
        )
    }
}
