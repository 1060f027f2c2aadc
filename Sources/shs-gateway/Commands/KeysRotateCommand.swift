import AMQPTransport
import ArgumentParser

/// `keys rotate`: a new epoch in every lane, now.
struct KeysRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make a new epoch in every lane now.",
        discussion: """
            Every process seals with it after keyring.tick at the latest. What was sealed before can still be read until its own \
            epoch is destroyed, by itself or by keys destroy. Exit 1 when the keyring is empty.
            """)

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let (inventory, _) = try await KeysCommand.inventory(self.options.config)
        let made = try KeysCommand.attempt(inventory.rotate)
        if self.json {
            try JSONOutput.write(Report(made: made))
        } else {
            print(made.isEmpty ? "the keyring is empty" : made.map { "made \($0)" }.joined(separator: "\n"))
        }
        guard !made.isEmpty else { throw ExitWith.no }
    }

    private struct Report: Encodable {
        let made: [String]
    }
}
