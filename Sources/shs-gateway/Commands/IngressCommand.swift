import ArgumentParser
import Trust

/// `ingress`: takes signed messages over mutual TLS and answers them.
struct IngressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingress", abstract: "Take signed SHS messages over mutual TLS, split them, and wait for replies.")

    @OptionGroup var options: GlobalOptions
    @Option(help: "Write the bound ports here (SHS_PORT, HEALTH_PORT) once the ingress is ready.")
    var portsFile: String?

    func run() async throws {
        let context = try await RoleContext.load(self.options.config, role: .ingress)
        let role = try IngressRole(context)
        let ports = PortsFile(self.portsFile, waitingFor: ["SHS_PORT", "HEALTH_PORT"])
        try await context.run(role.services(ports: ports), whenConnected: role.connections, ready: nil)
    }
}
