import ArgumentParser
import Foundation

/// Measures the gateway under closed-loop load, and beside it, in the same run, what the broker alone can do.
///
/// The ratio of the two is the figure to compare between machines and runs; the absolute rates belong to this machine.
@main
struct ShsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shs-bench", abstract: "Measure a running gateway against the raw fan-out rate of its broker.")

    @Option(
        help: "File of KEY=VALUE lines: the keys of .run/up.env, and AMQP_HOST, AMQP_PORT, AMQP_USER, AMQP_PASSWORD.")
    var environment: String
    @Option(help: "Folder with one <role>.pid per process whose CPU time and memory count.")
    var processes: String
    @Option(help: "Question document, about one person; all seven providers included.")
    var question = "Config/examples/question-1-much-data.xml"
    @Option(help: "Seconds per measurement.")
    var seconds = 10
    @Option(help: "Requests in flight, one measurement each; repeatable.")
    var inFlight: [Int] = [1, 16, 64]
    @Option(
        help: "Compare keys in memory and in a token: a program that puts the keys to use that its argument names.")
    var `switch`: String?
    @Option(
        help: "Kinds of key to compare: NAME-memory and NAME-token are what the program is called with; repeatable.")
    var keys: [String] = []
    @Option(help: "How often each place of the keys is measured, in turns.")
    var turns = 3
    @Option(help: "Measure an overload: a party's folder, first the one within its limit; repeatable.")
    var overload: [String] = []
    @Option(help: "For an overload: questions a second that each of the others may ask, as the gateway is configured.")
    var limit = 3
    @Option(help: "For an overload: questions a second that the one within its limit may ask.")
    var ownLimit = 14
    @Option(help: "For an overload: how often each phase is measured, in turns.")
    var rounds = 5
    @Flag(help: "For an overload: this process is all parties but the first, and does what its input says.")
    var crowd = false
    @Option(help: "Send so many requests, and see whether the processes' memory stays what it was.")
    var soak: Int?
    @Option(help: "Write the figures here as JSON.")
    var output: String?

    func run() async throws {
        let environment = try BenchEnvironment(file: self.environment)
        let figures = try ProcessFigures(folder: self.processes)
        if !self.overload.isEmpty { return try await self.runOverload(environment, figures) }
        if let soak {
            let soak = try Soak(environment, figures: figures, question: self.question, requests: soak)
            guard try await soak.run(output: self.output) else { throw ExitCode(1) }
            return
        }
        let load = try ClosedLoad(environment, question: self.question)
        say("one signed message: \(try load.messageSize()) bytes; \(self.seconds) s per measurement")
        say("warming up")
        let warmUp = try await load.run(inFlight: 16, for: .seconds(3))
        if let program = self.switch {
            let comparison = KeyComparison(
                load: load, figures: figures, program: program, kinds: self.keys, seconds: self.seconds,
                turns: self.turns)
            let isGood = try await comparison.run()
            await load.shutdown()
            guard isGood else { throw ExitCode(1) }
            return
        }
        let sizes = RawFanOut.Sizes(question: load.questionSize, reply: warmUp.replySize)
        say("raw fan-out: \(sizes.text)")

        var levels: [BenchReport.Level] = []
        for inFlight in self.inFlight {
            // The reference before and after, so that a drift of the machine meets both sides of the ratio.
            let before = try await RawFanOut.run(
                environment, sizes: sizes, inFlight: inFlight, for: .seconds(self.seconds / 2))
            let start = figures.cpuSeconds()
            let result = try await load.run(inFlight: inFlight, for: .seconds(self.seconds))
            let cpu = figures.cpuSeconds().merging(start) { $0 - $1 }
            let after = try await RawFanOut.run(
                environment, sizes: sizes, inFlight: inFlight, for: .seconds(self.seconds / 2))
            let level = BenchReport.Level(
                inFlight: inFlight, result: result,
                cpuMilliseconds: cpu.mapValues { $0 * 1_000 / Double(max(1, result.completed)) },
                rawRate: (before + after) / 2)
            say(level.line)
            say(level.cpuLine)
            levels.append(level)
        }
        await load.shutdown()
        let report = BenchReport(levels: levels, peakMemoryMiB: figures.peakMemoryMiB())
        say(report.memoryLines)
        if let output { try JSONEncoder().encode(report).write(to: URL(fileURLWithPath: output)) }
        guard levels.allSatisfy({ $0.failed == 0 }) else { throw ExitCode(1) }
    }

    private func runOverload(_ environment: BenchEnvironment, _ figures: ProcessFigures) async throws {
        let question = [UInt8](try Data(contentsOf: URL(fileURLWithPath: self.question)))
        let parties = try self.overload.map {
            PartyLoad(try Sender(environment, folder: $0, question: question))
        }
        guard parties.count > 1 else { throw ValidationError("an overload needs two parties or more") }
        guard !self.crowd else { return try await Crowd(parties: Array(parties.dropFirst())).run() }
        let overload = try Overload(
            one: parties[0], parties: parties.count, figures: figures, limit: self.limit,
            ownLimit: self.ownLimit, seconds: self.seconds, rounds: self.rounds)
        guard try await overload.run() else { throw ExitCode(1) }
    }
}
