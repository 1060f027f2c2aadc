package import ArgumentParser
import Foundation
import SSBTEK

/// `faults`: real processes, a real cluster of brokers, load, and faults; ends with one page.
package struct FaultsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Inject faults into a whole gateway on loopback under load, and count what becomes of every request.",
        discussion: """
            Exit code 0 when nothing was lost, duplicated, wrong or late. Kinds of faults: \
            \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Option(help: "The program to test: a release build of shs-gateway.")
    var program = ".build/release/shs-gateway"
    @Option(help: "Requests to send at least.")
    var requests = 10_000
    @Option(help: "Requests a second.")
    var rate = 30.0
    @Option(help: "Kinds of faults, separated by commas; a word followed by * stands for all that begin with it.")
    var faults = "*"
    @Option(help: "How often each kind is injected.")
    var times = 5
    @Option(help: "The order of the faults and their targets follow from it.")
    var seed = UInt64.random(in: 1...999_999)
    @Option(help: "Broker nodes: 3, or 1 without the faults that need a cluster.")
    var nodes = 3
    @Option(help: "How the base services behave when nothing is wrong with them.")
    var behaviour = "latency=20ms/200ms"
    @Option(help: "A setting of all roles, as SHS_KEY=VALUE; repeatable.")
    var set: [String] = []
    @Option(help: "Write the page here as JSON.")
    var json: String?
    @Option(help: "Copy the logs of all processes into this folder at the end.")
    var logs: String?

    package init() {}

    package func run() async throws {
        let kinds = try self.kinds()
        let schedule = Schedule(kinds, times: self.times, seed: self.seed)
        Self.say("seed \(self.seed): \(schedule.kinds.count) faults of \(kinds.count) kinds, \(self.rate) requests/s")
        var plan = Cluster.Plan(
            program: URL(filePath: self.program).path, nodes: self.nodes, behaviour: self.behaviour)
        for setting in self.set {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--set wants SHS_KEY=VALUE") }
            plan.settings[parts[0]] = parts[1]
        }
        let contract = try Contract(directory: "\(Folder.repository)/Config/contracts/ssbtek-10")
        let cluster = try await Cluster.start(plan, say: Self.say)
        let checker = try ReplyChecker(
            peers: "\(cluster.pki)/peers", expected: ExpectedAnswers(contract: contract))
        let load = try Load(cluster, rate: self.rate, checker: checker)
        var failure: (any Error)?
        var injected: [InjectedFault] = []
        // Not a child of ours: what has been sent is waited for, also when a fault cannot be injected.
        let sending = Task { await load.run() }
        do {
            let warm = load.tally.now
            try await Wait.until("the first complete replies", within: .seconds(60)) {
                load.tally.since(warm).count { $0.outcome == .complete } >= Campaign.series
            }
            let campaign = Campaign(cluster: cluster, load: load, say: Self.say)
            try await campaign.run(schedule, minimum: self.requests, into: &injected)
        } catch {
            failure = error
        }
        load.stop()
        await sending.value
        await load.shutdown()
        let page = Page(seed: self.seed, rate: self.rate, load.tally.all, injected)
        print(page.text)
        if let json = self.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(page).write(to: URL(filePath: json))
        }
        if let logs = self.logs { try? FileManager.default.copyItem(atPath: "\(cluster.folder)/logs", toPath: logs) }
        await cluster.stop()
        if let failure { throw failure }
        guard page.isClean else { throw ExitCode(1) }
    }

    private func kinds() throws -> [FaultKind] {
        let words = self.faults.split(separator: ",").map(String.init)
        let chosen = FaultKind.allCases.filter { kind in
            words.contains { word in
                word.hasSuffix("*") ? kind.rawValue.hasPrefix(word.dropLast()) : kind.rawValue == word
            }
        }
        for word in words where !word.hasSuffix("*") && FaultKind(rawValue: word) == nil {
            throw ValidationError("\(word) is no kind of fault")
        }
        let possible = chosen.filter { self.nodes > 1 || !$0.needsCluster }
        guard !possible.isEmpty else { throw ValidationError("no kind of fault is left") }
        return possible
    }

    private static let began = ContinuousClock.now

    @Sendable private static func say(_ text: String) {
        let seconds = Int((ContinuousClock.now - Self.began) / .seconds(1))
        // Not print, which keeps what it has until there is more when nobody's terminal reads it.
        FileHandle.standardOutput.write(Data("[\(seconds) s] \(text)\n".utf8))
    }
}
