import Gateway
import GatewayFixtures
import SSBTEK

/// Random transactions: some sent twice, some with the same tx.id and other content, with answers that are missing, doubled,
/// early or meant for nobody.
struct CorrelateTraffic {
    private var waiting: [CorrelateModel.Message] = []

    init(using random: inout SeededGenerator) {
        var number = 0
        for transfer in 0..<Int.random(in: 1...3, using: &random) {
            let shard = Int.random(in: 0..<2, using: &random)
            for content in 1...(random.oneIn(4) ? 2 : 1) {
                let providers = (0..<Int.random(in: 1...2, using: &random)).map { _ in
                    Provider.allCases.filter { _ in random.oneIn(3) }
                }
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    number += 1
                    var fixture = ManifestFixture("t\(number)")
                    fixture.txID = "tx-\(transfer)"
                    fixture.content = UInt64(transfer * 10 + content)
                    fixture.providers = providers.map { $0.isEmpty ? [.fk] : $0 }
                    fixture.deadline =
                        ManifestFixture.start + .milliseconds(Int.random(in: 500...8_000, using: &random))
                    self.add(fixture, shard: shard, using: &random)
                }
            }
        }
    }

    /// Moves one message to the queue; false when there is none left.
    @discardableResult
    mutating func publish(to model: inout CorrelateModel, using random: inout SeededGenerator) -> Bool {
        guard let index = self.waiting.indices.randomElement(using: &random) else { return false }
        // Manifests are published first; now and then an answer overtakes one.
        let manifest = self.waiting.firstIndex { if case .manifest = $0.content { true } else { false } }
        let chosen = random.oneIn(3) ? index : manifest ?? index
        model.publish(self.waiting.remove(at: chosen))
        return true
    }

    private mutating func add(_ fixture: ManifestFixture, shard: Int, using random: inout SeededGenerator) {
        for _ in 0..<(random.oneIn(8) ? 2 : 1) {
            self.waiting.append(.init(content: .manifest(fixture), shard: shard))
        }
        for (question, providers) in fixture.providers.enumerated() {
            for provider in providers where !random.oneIn(7) {
                for _ in 0..<(random.oneIn(7) ? 2 : 1) {
                    self.append(fixture.answer(provider, question: question, shard: shard), of: fixture)
                }
            }
        }
        // A section that the manifest does not name, and a message that nobody can read.
        if random.oneIn(6) { self.append(fixture.answer(.miv, question: 9, shard: shard), of: fixture) }
        if random.oneIn(6) { self.waiting.append(.init(content: .poison, shard: shard)) }
    }

    private mutating func append(_ answer: ProviderAnswer, of fixture: ManifestFixture) {
        self.waiting.append(.init(content: .answer(answer, content: fixture.content), shard: answer.shard))
    }
}
