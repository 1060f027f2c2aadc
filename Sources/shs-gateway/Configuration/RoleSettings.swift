/// Loads the configuration for a command, with problems as its error message.
enum RoleSettings {
    /// - Parameter isFileOptional: for tools that also work on a machine without the gateway's configuration.
    static func load(_ file: String, isFileOptional: Bool = false) async throws -> ConfigurationLoader.Loaded {
        do {
            return try await ConfigurationLoader.load(file, isFileOptional: isFileOptional)
        } catch let error as ConfigurationError {
            throw ExitWith.failure(error.description)
        }
    }
}
