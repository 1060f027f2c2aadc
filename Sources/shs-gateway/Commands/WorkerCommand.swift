import ArgumentParser
import SSBTEK
import Trust

/// `worker --provider CSN`: asks one or several base services.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Take one provider's work items, ask its base service, publish the answers.")

    @OptionGroup var options: GlobalOptions
    @Option(help: "AF, CSN, FK, SKV, SO, TNS or MIV; repeat it to serve several.")
    var provider: [Provider]
    @Option(help: "Write this file once the worker is ready.")
    var portsFile: String?

    func validate() throws {
        guard !self.provider.isEmpty else { throw ValidationError("--provider is needed at least once") }
        guard Set(self.provider).count == self.provider.count else { throw ValidationError("a --provider is repeated") }
    }

    func run() async throws {
        let context = try await RoleContext.load(self.options.config, role: .worker)
        let role = try WorkerRole(context, providers: self.provider)
        try await context.run(
            role.services, whenConnected: role.connections, ready: PortsFile(self.portsFile, waitingFor: []))
    }
}

extension Provider: ExpressibleByArgument {}
