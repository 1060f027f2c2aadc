/// Loads the configuration for a command, with problems as its error message.
enum RoleSettings {
    static func load(_ file: String) async throws -> ConfigurationLoader.Loaded {
        do {
            return try await ConfigurationLoader.load(file)
        } catch let error as ConfigurationError {
            throw ExitWith.failure(error.description)
        }
    }
}
