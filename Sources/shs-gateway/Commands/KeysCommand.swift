import AMQPTransport
import ArgumentParser

/// `keys`: the sealing epochs.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List, make and destroy the epochs of the sealing keys.",
        subcommands: [KeysListCommand.self, KeysRotateCommand.self, KeysDestroyCommand.self])

    /// The keyring of a configuration.
    static func inventory(_ file: String) async throws -> (KeyringInventory, GatewayConfiguration) {
        let configuration = try await RoleSettings.load(file).configuration
        return (
            KeyringInventory(folder: configuration.files.keyring, configuration: configuration.keyring), configuration
        )
    }

    /// Runs what reads or writes the keyring, with its problem as the error message.
    static func attempt<Result>(_ body: () throws(SealingError) -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw ExitWith.failure("\(error)")
        }
    }
}

/// One epoch as `keys` prints it; never its key.
struct KeysEntry: Encodable {
    let lane: String
    let epoch: String
    let state: String
    let ageSeconds: Int64
    /// Until it is destroyed by itself; absent for the newest of a lane.
    let destroyedInSeconds: Int64?

    init(_ entry: KeyringInventory.Entry) {
        self.lane = entry.lane
        self.epoch = entry.epoch.name
        self.state = entry.state.rawValue
        self.ageSeconds = entry.age.components.seconds
        self.destroyedInSeconds = entry.destroyedIn?.components.seconds
    }

    var name: String { "\(self.lane)/\(self.epoch)" }

    static func table(_ entries: [KeysEntry]) -> String {
        TextTable.text(
            [["LANE", "EPOCH", "STATE", "AGE", "DESTROYED IN"]]
                + entries.map {
                    [$0.lane, $0.epoch, $0.state, "\($0.ageSeconds)s", $0.destroyedInSeconds.map { "\($0)s" } ?? "-"]
                })
    }
}
