import Testing
import Trust

struct RevocationStageTests {
    @Test(arguments: [
        (99, 0, RevocationStage.fresh), (100, 0, .stale), (99, 50, .fresh), (100, 50, .grace), (149, 50, .grace),
        (150, 50, .stale), (10_000, 50, .stale),
    ])
    func `a list is fresh to its end, in grace for a while and stale after that`(
        instant: Int64, grace: Int64, stage: RevocationStage
    ) {
        #expect(RevocationStage.stage(nextUpdate: 100, at: instant, grace: grace) == stage)
    }

    @Test func `a list without end is stale, however long the grace`() {
        #expect(RevocationStage.stage(nextUpdate: nil, at: 0, grace: .max) == .stale)
    }

    @Test func `time makes a list only staler, and a grace without limit does not overflow`() {
        var last = RevocationStage.fresh
        for instant in Int64(0)..<300 {
            let stage = RevocationStage.stage(nextUpdate: 100, at: instant, grace: 100)
            #expect(last <= stage)
            last = stage
        }
        #expect(RevocationStage.stage(nextUpdate: 100, at: 1_000, grace: .max) == .grace)
    }
}
