import ArgumentParser

/// `certificates`: what security staff does with sets of certificates.
struct CertificatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificates", abstract: "Check, list and take into use sets of certificates.",
        subcommands: [
            CertificatesCheckCommand.self, CertificatesRehearseCommand.self, CertificatesReloadCommand.self,
            CertificatesListCommand.self,
        ])
}
