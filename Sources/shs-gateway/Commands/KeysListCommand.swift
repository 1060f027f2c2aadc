import AMQPTransport
import ArgumentParser

/// `keys list`: the epochs of every lane.
struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the epochs of every lane, their age and state; never a key.",
        discussion: "Exit 1 when there is none.")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let (inventory, _) = try await KeysCommand.inventory(self.options.config)
        let entries = try KeysCommand.attempt(inventory.entries).map(KeysEntry.init)
        if self.json {
            try JSONOutput.write(Report(epochs: entries))
        } else {
            print(entries.isEmpty ? "the keyring is empty" : KeysEntry.table(entries))
        }
        guard !entries.isEmpty else { throw ExitWith.no }
    }

    private struct Report: Encodable {
        let epochs: [KeysEntry]
    }
}
