import GatewayFixtures
import SSBTEK
import Testing

@testable import Gateway

/// Random sequences of everything that can happen to a correlator, against the promises of ``CorrelateState``.
@Suite struct CorrelateStateRandomTests {
    private static let sequencesPerBlock: UInt64 = 2_500

    /// A failure names its seed: `run(seed:)` with it shows the same again.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `whatever happens, the promises are kept`(_ block: UInt64) {
        for seed in block * Self.sequencesPerBlock..<(block + 1) * Self.sequencesPerBlock {
            let violations = Self.run(seed: seed)
            #expect(violations.isEmpty, "seed \(seed): \(violations.prefix(3).joined(separator: "; "))")
            if !violations.isEmpty { return }
        }
    }

    private static func run(seed: UInt64) -> [String] {
        var random = SeededGenerator(seed: seed)
        var model = CorrelateModel()
        var source = CorrelateTraffic(using: &random)
        let steps = Int.random(in: 10...60, using: &random)
        let crash = Int.random(in: 0..<steps, using: &random)
        for step in 0..<steps {
            self.step(&model, &source, &random)
            if step == crash { model.violations += model.violationsOfReplay() }
        }
        self.drain(&model, &source, &random)
        return model.violations
    }

    private static func step(
        _ model: inout CorrelateModel, _ source: inout CorrelateTraffic, _ random: inout SeededGenerator
    ) {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<35: source.publish(to: &model, using: &random)
        case 35..<70: _ = model.deliverNext(shard: Int.random(in: 0..<2, using: &random))
        case 70..<82: model.pass(.milliseconds([20, 100, 700, 3_000].randomElement(using: &random) ?? 20))
        case 82..<90:
            guard let index = model.outstanding.indices.randomElement(using: &random) else { return }
            model.replied(index, reached: !random.oneIn(4))
        case 90..<95:
            guard let index = model.outstanding.indices.randomElement(using: &random) else { return }
            model.replyFailed(index)
        case 95..<98: model.lose(shard: Int.random(in: 0..<2, using: &random))
        case 98: model.crash()
        default: model.pass(.seconds(20))
        }
    }

    /// Everything is handed over, every reply succeeds, and the time passes: nothing may remain.
    private static func drain(
        _ model: inout CorrelateModel, _ source: inout CorrelateTraffic, _ random: inout SeededGenerator
    ) {
        while source.publish(to: &model, using: &random) {}
        for _ in 0..<100 {
            if model.isIdle { break }
            for shard in 0..<2 { while model.deliverNext(shard: shard) {} }
            while !model.outstanding.isEmpty { model.replied(0, reached: true) }
            model.pass(.seconds(1))
        }
        model.require(model.isIdle, "every delivery is acknowledged in the end, and nothing is held for ever")
        model.require(model.state.heldCount == 0, "the state holds nothing that is settled")
        for message in model.messages {
            guard case .manifest(let fixture) = message.content else { continue }
            let isReplied = model.replied.contains(TransactionID(fixture.transaction))
            model.require(
                isReplied || model.wasAbandoned(TransactionID(fixture.transaction)),
                "every transaction is replied to, unless it came when nobody waited any more")
        }
        // Twice, since memories are cleared at intervals.
        for _ in 0..<2 { model.pass(.seconds(300)) }
        model.require(model.state.entryCount == 0, "memory goes back to empty")
    }
}
