import ArgumentParser

/// The command line: one executable, one role per command.
@main
struct ShsGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shs-gateway",
        abstract: "Store-and-forward gateway for SSBTEK questions over SHS.",
        groupedSubcommands: [
            CommandGroup(
                name: "Roles",
                subcommands: [
                    ServeCommand.self, IngressCommand.self, WorkerCommand.self, CorrelatorCommand.self,
                    SimulateCommand.self,
                ]),
            CommandGroup(
                name: "Operation",
                subcommands: [
                    StatusCommand.self, CertificatesCommand.self, KeysCommand.self, AuditCommand.self,
                ]),
            CommandGroup(name: "Client", subcommands: [SendCommand.self]),
            CommandGroup(
                name: "Checks",
                subcommands: [
                    VerifyCommand.self, VerifyCertificateCommand.self, VerifyOCSPCommand.self, InspectCommand.self,
                    CheckIdentityCommand.self, ConfigCommand.self,
                ]),
        ]
    )
}
