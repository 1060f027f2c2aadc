import ArgumentParser
import Faults
import Residue

/// Shows that the gateway keeps its promises while things go wrong.
@main struct ShsChaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shs-chaos",
        abstract: "Shows that the gateway keeps its promises while things go wrong.",
        subcommands: [FaultsCommand.self, SimulateCommand.self, ResidueCommand.self])
}
