import Configuration
import Foundation
import SystemPackage

/// Finds and reads the configuration: environment over secrets folder over file over defaults.
enum ConfigurationLoader {
    /// What was read, and how.
    struct Loaded {
        let configuration: GatewayConfiguration
        let settings: SettingsReader
    }

    /// Reads everything; throws one error that lists all problems.
    ///
    /// - Parameter isFileOptional: without the file, environment and defaults are enough.
    static func load(_ file: String, isFileOptional: Bool = false) async throws -> Loaded {
        let hasFile = FileManager.default.fileExists(atPath: file)
        guard hasFile || isFileOptional else { throw ConfigurationError(problems: ["\(file): no such file"]) }
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider().prefixKeys(with: ["shs"])]
        let secrets = ProcessInfo.processInfo.environment["SHS_SECRETS_FOLDER"] ?? "/run/secrets/shs-gateway"
        if FileManager.default.fileExists(atPath: secrets) {
            providers.append(
                try await DirectoryFilesProvider(directoryPath: FilePath(secrets), secretsSpecifier: .all))
        }
        if hasFile {
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
            } catch {
                throw ConfigurationError(problems: ["\(file): not readable as YAML"])
            }
        }
        let settings = SettingsReader(providers: providers)
        let configuration = GatewayConfiguration(settings)
        var problems = settings.problems
        if hasFile {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            problems += try UnknownKeys.find(in: text, known: settings.keys).map { "\(file): \($0)" }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return Loaded(configuration: configuration, settings: settings)
    }
}

/// All that is wrong with a configuration, one line each.
struct ConfigurationError: Error, CustomStringConvertible {
    let problems: [String]

    var description: String { self.problems.joined(separator: "\n") }
}
