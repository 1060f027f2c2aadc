import ArgumentParser
import Trust

/// `correlator`: puts answers together into signed replies.
struct CorrelatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correlator", abstract: "Put answers together into one signed reply; several may run.")

    @OptionGroup var options: GlobalOptions
    @Option(help: "Write this file once the correlator is ready.")
    var portsFile: String?

    func run() async throws {
        let context = try await RoleContext.load(self.options.config, role: .correlator)
        let role = try CorrelatorRole(context)
        try await context.run(
            role.services, whenConnected: role.connections, ready: PortsFile(self.portsFile, waitingFor: []))
    }
}
