import ArgumentParser
import Foundation
import Gateway
import SSBTEK

/// `config check`: validates all configuration and prints what is in effect.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Validate configuration.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Validate all configuration and print what is in effect, secrets redacted. Exit 1 when it is wrong.")

        @OptionGroup var options: GlobalOptions
        @Flag(help: "Print one JSON object.") var json = false

        func run() async throws {
            do {
                let loaded = try await ConfigurationLoader.load(self.options.config)
                let files = loaded.configuration.files
                let parties = try files.register()
                do { _ = try Contract(directory: files.contract) } catch {
                    throw ConfigurationError(problems: ["\(files.contract): the contract's schemas cannot be read"])
                }
                try self.show(
                    loaded.settings.effective, parties: parties?.all.count,
                    providers: loaded.configuration.providers.count)
            } catch let error as ConfigurationError {
                throw ExitWith.no(error.description)
            }
        }

        private func show(_ effective: [SettingsReader.Effective], parties: Int?, providers: Int) throws {
            let sorted = effective.sorted { $0.key < $1.key }
            guard self.json else {
                for entry in sorted { print("\(entry.key) = \(entry.value)  (\(entry.source))") }
                let register = parties.map { "\($0) parties" } ?? "no set of certificates yet"
                return print("ok: \(sorted.count) keys, \(register), \(providers) providers")
            }
            let keys = Dictionary(
                uniqueKeysWithValues: sorted.map { ($0.key, ["value": $0.value, "source": $0.source]) })
            try JSONOutput.write(ConfigReport(valid: true, keys: keys, parties: parties, providers: providers))
        }
    }
}

/// What `config check --json` prints.
private struct ConfigReport: Encodable {
    let valid: Bool
    let keys: [String: [String: String]]
    /// Left out without a set of certificates.
    let parties: Int?
    let providers: Int
}
