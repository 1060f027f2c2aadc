import Foundation

/// The same load with the gateway's keys in memory and in a token, in turns, so that a drift of the machine meets both.
struct KeyComparison {
    /// One way of loading: what it shows is in its name.
    private struct Load {
        let name: String
        let inFlight: Int
        let connectsAnew: Bool
    }

    /// What one place of the keys costs, summed over all turns.
    private struct Cost {
        var result = LoadResult()
        var cpuSeconds: [String: Double] = [:]

        var cpuMilliseconds: Double { self.milliseconds(self.cpuSeconds.values.reduce(0, +)) }
        func cpuMilliseconds(of role: String) -> Double { self.milliseconds(self.cpuSeconds[role] ?? 0) }

        private func milliseconds(_ seconds: Double) -> Double {
            seconds * 1_000 / Double(max(1, self.result.completed))
        }
    }

    private static let loads = [
        Load(name: "1 in flight, kept connection", inFlight: 1, connectsAnew: false),
        Load(name: "16 in flight, kept connections", inFlight: 16, connectsAnew: false),
        Load(name: "8 in flight, each on a new connection", inFlight: 8, connectsAnew: true),
    ]

    let load: ClosedLoad
    let figures: ProcessFigures
    /// Puts a set to use: called with `EC-memory`, `EC-token` and so on.
    let program: String
    /// Kinds of key.
    let kinds: [String]
    let seconds: Int
    let turns: Int

    /// Whether every request was answered.
    func run() async throws -> Bool {
        var failed = 0
        for kind in self.kinds {
            say("\n\(kind) keys for TLS and replies; \(self.turns) turns of \(self.seconds) s each")
            for load in Self.loads {
                var (memory, token) = (Cost(), Cost())
                for _ in 0..<self.turns {
                    try await self.measure(load, "\(kind)-memory", &memory)
                    try await self.measure(load, "\(kind)-token", &token)
                }
                failed += memory.result.failed + token.result.failed
                say("\(load.name):")
                say(Self.line("memory", memory))
                say(Self.line("token ", token))
                say(Self.ratio(memory, token))
            }
        }
        return failed == 0
    }

    private func measure(_ load: Load, _ keys: String, _ cost: inout Cost) async throws {
        try self.use(keys)
        // What comes with new keys, such as new contexts and sessions in the token, is not what a request costs.
        _ = try await self.load.run(inFlight: load.inFlight, for: .seconds(1), connectsAnew: load.connectsAnew)
        let start = self.figures.cpuSeconds()
        let result = try await self.load.run(
            inFlight: load.inFlight, for: .seconds(self.seconds), connectsAnew: load.connectsAnew)
        let spent = self.figures.cpuSeconds().merging(start) { $0 - $1 }
        cost.cpuSeconds.merge(spent) { $0 + $1 }
        cost.result = cost.result.followed(by: result)
    }

    private func use(_ keys: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: self.program)
        process.arguments = [keys]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            throw BenchEnvironment.Missing(description: "\(keys): the set could not be taken into use")
        }
    }

    private static func line(_ name: String, _ cost: Cost) -> String {
        "   \(name)  \(cost.result.rate.text(1)) requests/s, p50 \(cost.result.percentile(0.5).text(2)) ms, "
            + "p99 \(cost.result.percentile(0.99).text(1)) ms, \(cost.cpuMilliseconds.text(2)) ms CPU/request "
            + "(correlator \(cost.cpuMilliseconds(of: "correlator").text(2)), "
            + "ingress \(cost.cpuMilliseconds(of: "ingress").text(2))), \(cost.result.failed) failed"
    }

    private static func ratio(_ memory: Cost, _ token: Cost) -> String {
        let (before, after) = (memory.result.percentile(0.5), token.result.percentile(0.5))
        return "   the token costs \((token.cpuMilliseconds - memory.cpuMilliseconds).text(2)) ms CPU/request "
            + "(ratio \((token.cpuMilliseconds / max(0.001, memory.cpuMilliseconds)).text(2))) and "
            + "\((after - before).text(2)) ms p50 (ratio \((after / max(0.001, before)).text(2))); "
            + "rate ratio \((token.result.rate / max(0.001, memory.result.rate)).text(2))"
    }
}
