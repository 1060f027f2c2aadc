import AMQPTransport
import ArgumentParser

/// `keys destroy`: epochs before their time.
struct KeysDestroyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy", abstract: "Destroy epochs before their time.",
        discussion: """
            Whatever was sealed with them and is still on its way can be read by nobody any more: those questions get an error as their \
            answer. Where the newest epoch of a lane is to be destroyed, a next one is made in every lane first, and it is \
            destroyed when every process has had the time to notice. Without --yes it only says what would become \
            unreadable, and ends with 1.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Epochs as keys list names them, LANE/EPOCH.") var epochs: [String] = []
    @Flag(help: "All epochs but the newest of each lane.") var old = false
    @Flag(help: "Do it.") var yes = false
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard self.old != !self.epochs.isEmpty else { throw ValidationError("name epochs, or say --old") }
    }

    func run() async throws {
        let (inventory, configuration) = try await KeysCommand.inventory(self.options.config)
        let all = try KeysCommand.attempt(inventory.entries)
        let chosen = all.filter { self.old ? $0.state != .sealing : self.epochs.contains(KeysEntry($0).name) }
        let known = Set(all.map { KeysEntry($0).name })
        if let unknown = self.epochs.first(where: { !known.contains($0) }) {
            throw ExitWith.no("there is no \(unknown)")
        }
        if self.yes {
            if chosen.contains(where: { $0.state == .sealing }) {
                _ = try KeysCommand.attempt(inventory.rotate)
                // Twice, since a process may be in the middle of a look.
                try await Task.sleep(for: configuration.keyring.tick * 2)
            }
            try KeysCommand.attempt { () throws(SealingError) in try inventory.destroy(chosen) }
        }
        let entries = chosen.map(KeysEntry.init)
        if self.json {
            try JSONOutput.write(Report(epochs: entries, isDestroyed: self.yes))
        } else {
            print(self.text(entries))
        }
        guard self.yes else { throw ExitWith.no }
    }

    private func text(_ entries: [KeysEntry]) -> String {
        guard !entries.isEmpty else { return "there is nothing to destroy" }
        let lines = entries.map { entry in
            "\(self.yes ? "destroyed" : "would destroy") \(entry.name), made \(entry.ageSeconds)s ago: "
                + Self.content(of: entry.lane)
        }
        return (lines + [self.yes ? "" : "nothing was destroyed; --yes does it"]).filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    /// What a lane's messages are, and what becomes of a transaction when they cannot be read.
    private static func content(of lane: String) -> String {
        switch lane {
        case "manifest": "messages in progress; their senders get a fault"
        case "reply": "replies on their way to the ingress; their senders get a fault"
        case _ where lane.hasPrefix("work."): "questions to \(lane.dropFirst(5)); their section becomes an error"
        default: "answers of \(lane.dropFirst(7)); their section becomes an error"
        }
    }

    private struct Report: Encodable {
        let epochs: [KeysEntry]
        let isDestroyed: Bool
    }
}
