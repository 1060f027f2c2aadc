import Providers
import SSBTEK
import Testing

@Suite struct SimulatorBehaviourTests {
    @Test func `nothing said is an answer at once`() throws {
        #expect(try SimulatorBehaviour(parsing: "") == SimulatorBehaviour())
        #expect(try SimulatorBehaviour(parsing: "").latency == .fixed(.zero))
    }

    @Test func `all settings are read`() throws {
        let behaviour = try SimulatorBehaviour(
            parsing:
                "latency=50ms..1.5s,errors=0.1,garbage=0.2,garbage-kind=html,hang=0.1,reset=0.05,oversize=0.01,size=5000,seed=7"
        )
        #expect(behaviour.latency == .uniform(.milliseconds(50), .milliseconds(1_500)))
        #expect(behaviour.errors == 0.1 && behaviour.garbage == 0.2 && behaviour.hang == 0.1)
        #expect(behaviour.reset == 0.05 && behaviour.oversize == 0.01)
        #expect(behaviour.garbageKind == .html && behaviour.size == 5_000 && behaviour.seed == 7)
        #expect(try SimulatorBehaviour(parsing: "away").isAway)
        #expect(try SimulatorBehaviour(parsing: "latency=6s").latency == .fixed(.seconds(6)))
        #expect(
            try SimulatorBehaviour(parsing: "latency=80ms/900ms").latency
                == .spread(median: .milliseconds(80), p99: .milliseconds(900)))
    }

    @Test(arguments: [
        "latency", "latency=6", "latency=-1s", "latency=2s..1s", "latency=1s/10ms", "errors=2", "errors=x",
        "garbage-kind=x",
        "errors=0.6,garbage=0.6", "size=-1", "seed=x", "nonsense=1", "away=1", "latency=1e99s", "latency=nans",
        "errors=nan",
    ])
    func `a setting that makes no sense is refused with its name`(text: String) throws {
        let error = try #require(throws: SimulatorBehaviourError.self) { try SimulatorBehaviour(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test func `one provider's settings replace those for all`() throws {
        let behaviours = try SimulatorBehaviour.perProvider(["latency=20ms,errors=0.1", "CSN:latency=6s", "fk:away"])
        #expect(behaviours[.af]?.latency == .fixed(.milliseconds(20)))
        #expect(behaviours[.csn]?.latency == .fixed(.seconds(6)))
        #expect(behaviours[.csn]?.errors == 0)
        #expect(behaviours[.fk]?.isAway == true)
        #expect(throws: SimulatorBehaviourError.self) { try SimulatorBehaviour.perProvider(["XX:away"]) }
    }

    @Test func `the same seed makes the same run, whatever the order of people`() throws {
        let behaviour = try SimulatorBehaviour(
            parsing: "latency=10ms/90ms,errors=0.2,garbage=0.2,hang=0.1,reset=0.1,seed=5")
        func run(_ people: [Int]) -> [Int: [SimulatedDecision]] {
            Dictionary(
                uniqueKeysWithValues: people.map { person in
                    (
                        person,
                        (0..<5).map { behaviour.decision(for: .csn, about: TestFixtures.digits(person), attempt: $0) }
                    )
                })
        }
        #expect(run(Array(0..<50)) == run(Array((0..<50).reversed())))
        var other = behaviour
        other.seed = 6
        #expect(
            (0..<50).contains {
                other.decision(for: .csn, about: TestFixtures.digits($0), attempt: 0)
                    != behaviour.decision(for: .csn, about: TestFixtures.digits($0), attempt: 0)
            })
    }

    @Test func `rates come out as they were set`() throws {
        let behaviour = try SimulatorBehaviour(
            parsing: "errors=0.1,garbage=0.2,hang=0.05,reset=0.15,oversize=0.1,twice=0.1")
        var counts: [String: Int] = [:]
        for index in 0..<10_000 {
            let decision = behaviour.decision(for: .af, about: "19\(index)", attempt: 0)
            counts["\(decision.outcome)".prefix { $0.isLetter }.description, default: 0] += 1
        }
        for (name, rate) in [
            ("fault", 0.1), ("garbage", 0.2), ("hang", 0.05), ("reset", 0.15), ("oversize", 0.1), ("twice", 0.1),
            ("answer", 0.3),
        ] {
            #expect(abs(Double(counts[name, default: 0]) / 10_000 - rate) < 0.02, "\(name)")
        }
    }

    @Test func `latencies follow their distribution`() throws {
        func latencies(_ text: String) throws -> [Duration] {
            let behaviour = try SimulatorBehaviour(parsing: text)
            return (0..<10_000).map { behaviour.decision(for: .so, about: "\($0)", attempt: 0).latency }.sorted()
        }
        let uniform = try latencies("latency=50ms..200ms")
        #expect(uniform[0] >= .milliseconds(50) && uniform[9_999] <= .milliseconds(200))
        #expect((Duration.milliseconds(115)...Duration.milliseconds(135)).contains(uniform[5_000]))
        let spread = try latencies("latency=80ms/900ms")
        #expect((Duration.milliseconds(72)...Duration.milliseconds(88)).contains(spread[5_000]))
        #expect((Duration.milliseconds(700)...Duration.milliseconds(1_150)).contains(spread[9_900]))
        #expect(Set(try latencies("latency=6s")) == [.seconds(6)])
    }
}
