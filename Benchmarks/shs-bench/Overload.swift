import Foundation

/// What ten parties at ten times their limit do to one that keeps within its own.
///
/// The figure is the ratio of the latter's p99 in the overload to its p99 when the ten send as much as they may, measured
/// before and after in the same run: both sides of the ratio have the same accepted load and the same machine.
struct Overload {
    /// Times its limit that each of the ten sends.
    static let factor = 10
    /// How much of its limit the one within uses, in hundredths: at all of it a jitter would be a refusal.
    static let share = 90

    let one: PartyLoad
    let crowd: [PartyLoad]
    /// Questions a second that each party may ask, and its burst.
    let limit: Int
    let time: Duration

    /// - Parameter folders: of the parties; the first is the one within its limit.
    init(
        _ environment: BenchEnvironment, folders: [String], question: String, limit: Int, seconds: Int
    ) throws {
        let question = [UInt8](try Data(contentsOf: URL(fileURLWithPath: question)))
        let loads = try folders.map { try PartyLoad(environment, folder: $0, question: question) }
        guard let one = loads.first else { throw BenchEnvironment.Missing(description: "no parties") }
        (self.one, self.crowd) = (one, Array(loads.dropFirst()))
        (self.limit, self.time) = (limit, .seconds(seconds))
    }

    /// Measures; whether nothing failed and the one within its limit was never refused.
    func run() async throws -> Bool {
        let seconds = Int(self.time / .seconds(1))
        _ = try await self.phase("warm-up", times: 1, for: .seconds(3))
        let alone = try await self.phase("alone", times: 0, for: self.time)
        let before = try await self.phase("others at their limits", times: 1, for: self.time)
        let overload = try await self.phase("others at \(Self.factor) times", times: Self.factor, for: self.time)
        let after = try await self.phase("others at their limits", times: 1, for: self.time)
        for load in [self.one] + self.crowd { await load.shutdown() }
        let normal = (before.one.percentile(0.99) + after.one.percentile(0.99)) / 2
        let ratio = normal > 0 ? overload.one.percentile(0.99) / normal : 0
        print("p99 of the one within its limit, overload to normal: ratio \(Self.number(ratio, 2)) (\(seconds) s each)")
        let all = [alone, before, overload, after]
        return all.allSatisfy { $0.one.refused == 0 && $0.one.failed == 0 && $0.others.failed == 0 }
    }

    private func phase(
        _ name: String, times: Int, for time: Duration
    ) async throws -> (one: LoadResult, others: LoadResult) {
        let accepted = Int(time / .seconds(1)) * self.limit + 4 * self.limit + 64
        for load in [self.one] + self.crowd { try load.prepare(accepted) }
        let (one, crowd, limit) = (self.one, self.crowd, self.limit)
        async let own = one.run(rate: max(1, limit * Self.share / 100), for: time)
        let others = await withTaskGroup(of: LoadResult.self) { group in
            for load in crowd where times > 0 { group.addTask { await load.run(rate: limit * times, for: time) } }
            return await group.reduce(into: LoadResult()) { $0.merge($1) }
        }.taking(time)
        let result = (one: await own, others: others)
        print(
            "\(name): one within \(Self.number(result.one.rate, 1))/s, p50 \(Self.number(result.one.percentile(0.5), 1)) ms, "
                + "p99 \(Self.number(result.one.percentile(0.99), 1)) ms, \(result.one.refused) refused; others accepted "
                + "\(Self.number(others.rate, 1))/s, refused \(others.refused); failed \(result.one.failed + others.failed)"
        )
        return result
    }

    private static func number(_ value: Double, _ digits: Int) -> String {
        value.formatted(.number.precision(.fractionLength(digits)).grouping(.never))
    }
}
