import GatewayFixtures
import Testing

@testable import Gateway

@Suite struct LaneStateTests {
    @Test func `automated items fill their share and leave the rest to people`() {
        var state = LaneState(slots: 8, automatedShare: 25)
        #expect((0..<5).map { _ in state.arrived(.automated) } == [true, true, false, false, false])
        #expect((0..<7).map { _ in state.arrived(.caseworker) } == [true, true, true, true, true, true, false])
    }

    @Test func `at least one automated item may run`() {
        var state = LaneState(slots: 2, automatedShare: 1)
        let first = state.arrived(.automated)
        #expect(first)
        let second = state.arrived(.automated)
        #expect(!second)
    }

    @Test func `a person's item comes first, whoever waited longer`() {
        var state = LaneState(slots: 2, automatedShare: 100)
        _ = (state.arrived(.automated), state.arrived(.automated))
        _ = (state.arrived(.automated), state.arrived(.caseworker))
        let first = state.ended(.automated)
        #expect(first == .caseworker)
        let second = state.ended(.automated)
        #expect(second == .automated)
    }

    @Test func `people take everything when nothing else is asked`() {
        var state = LaneState(slots: 4, automatedShare: 25)
        #expect((0..<5).map { _ in state.arrived(.caseworker) } == [true, true, true, true, false])
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `whatever happens, no bound is passed, nobody is passed over, and nobody waits beside a free slot`(
        _ block: UInt64
    ) {
        for seed in block * 250..<(block + 1) * 250 {
            var random = SeededGenerator(seed: seed)
            let (slots, share) = (Int.random(in: 1...9, using: &random), Int.random(in: 1...100, using: &random))
            var state = LaneState(slots: slots, automatedShare: share)
            var (running, waiting) = ([WorkLane: Int](), [WorkLane: Int]())
            for _ in 0..<200 {
                let lane = WorkLane.allCases.randomElement(using: &random) ?? .caseworker
                if random.oneIn(2) {
                    if state.arrived(lane) { running[lane, default: 0] += 1 } else { waiting[lane, default: 0] += 1 }
                } else if running[lane, default: 0] > 0 {
                    running[lane, default: 0] -= 1
                    if let next = state.ended(lane) {
                        running[next, default: 0] += 1
                        waiting[next, default: 0] -= 1
                    }
                }
                let all = running.values.reduce(0, +)
                #expect(all <= slots && running[.automated, default: 0] <= max(1, slots * share / 100), "seed \(seed)")
                #expect(waiting.values.allSatisfy { $0 >= 0 }, "seed \(seed)")
                for lane in WorkLane.allCases {
                    #expect(state.running(lane) == running[lane, default: 0], "seed \(seed)")
                    #expect(state.waiting(lane) == waiting[lane, default: 0], "seed \(seed)")
                }
                #expect(all == slots || waiting[.caseworker, default: 0] == 0, "seed \(seed): a person waits")
            }
            while state.running(.caseworker) + state.running(.automated) > 0 {
                _ = state.ended(state.running(.caseworker) > 0 ? .caseworker : .automated)
            }
            #expect(state.waiting(.caseworker) + state.waiting(.automated) == 0, "seed \(seed): forgotten")
        }
    }
}
