import Gateway
import Testing

/// Every event in every situation of ``CorrelateScene``: late, duplicate and unknown events all have their place.
@Suite struct CorrelateStateTableTests {
    @Test(arguments: CorrelateScene.Situation.allCases)
    func `every event has its place in a situation`(_ situation: CorrelateScene.Situation) {
        let rows = Self.rows.map { row in row.map { Self.cell(situation, $0) }.joined(separator: ", ") }
        #expect(rows == Self.expected[situation])
    }

    @Test func `the table knows every event`() {
        #expect(Self.rows.flatMap { $0 }.count == CorrelateScene.Event.allCases.count)
        #expect(Set(Self.rows.flatMap { $0 }) == Set(CorrelateScene.Event.allCases))
    }

    private static let rows: [[CorrelateScene.Event]] = [
        [.manifest, .repeated, .otherContent],
        [.needed, .second, .unexpected, .repeatsAnswer, .foreign, .poison],
        [.tick, .deadline, .muchLater],
        [.reached, .unreached, .failed, .failedLate],
        [.shardLost, .otherShardLost],
    ]

    /// What was decided; without a decision, whether the delivery is held or what was held is forgotten.
    private static func cell(_ situation: CorrelateScene.Situation, _ event: CorrelateScene.Event) -> String {
        var scene = CorrelateScene(situation)
        let held = scene.state.heldCount
        let decided = scene.perform(event)
        guard decided == "-" else { return decided }
        let change = scene.state.heldCount - held
        return change > 0 ? "hold" : change < 0 ? "forget" : "-"
    }

    /// Per situation a line for each of ``rows``.
    ///
    /// A number stands before what so many deliveries are acknowledged as;
    /// `reply 1/1 to 2` has one section of data and one error for two recipients.
    private static let expected: [CorrelateScene.Situation: [String]] = [
        .unknown: [
            "hold, hold, hold",
            "hold, hold, hold, hold, hold, 1 poison",
            "-, -, -",
            "0 complete, 0 unreachable, -, -",
            "-, -",
        ],
        .early: [
            "hold, hold, hold",
            "hold, hold, hold, hold, hold, 1 poison",
            "-, -, 1 orphan",
            "1 complete, 1 unreachable, -, -",
            "forget, -",
        ],
        .open: [
            "1 duplicate-manifest, hold, hold",
            "hold, hold, 1 unexpected, hold, hold, 1 poison",
            "-, reply 0/2 to 1, reply 0/2 to 1",
            "1 complete, 1 unreachable, -, -",
            "forget, -",
        ],
        .half: [
            "1 duplicate-manifest, hold, hold",
            "reply 2/0 to 1, 1 duplicate, 1 unexpected, hold, hold, 1 poison",
            "-, reply 1/1 to 1, reply 1/1 to 1",
            "2 complete, 2 unreachable, -, -",
            "forget, -",
        ],
        .replying: [
            "1 duplicate-manifest, hold, hold",
            "1 late, 1 late, 1 late, hold, hold, 1 poison",
            "-, -, -",
            "3 complete, 3 unreachable, -, 3 unreachable",
            "forget, -",
        ],
        .partial: [
            "1 duplicate-manifest, hold, hold",
            "1 late, 1 late, 1 late, hold, hold, 1 poison",
            "-, -, -",
            "2 partial, 2 unreachable, -, 2 unreachable",
            "forget, -",
        ],
        .retrying: [
            "1 duplicate-manifest, hold, hold",
            "1 duplicate, 1 duplicate, 1 unexpected, hold, hold, 1 poison",
            "-, reply 2/0 to 1, reply 2/0 to 1",
            "3 complete, 3 unreachable, -, -",
            "forget, -",
        ],
        .joined: [
            "1 duplicate-manifest, 1 duplicate-manifest, hold",
            "reply 2/0 to 2, 1 duplicate, 1 unexpected, reply 2/0 to 2, hold, 1 poison",
            "-, reply 1/1 to 2, reply 1/1 to 2",
            "0 complete, 0 unreachable, -, -",
            "forget, -",
        ],
        .ended: [
            "1 duplicate-manifest, hold, hold",
            "1 late, 1 late, 1 late, hold, hold, 1 poison",
            "-, -, -",
            "0 complete, 0 unreachable, -, -",
            "-, -",
        ],
        .abandoned: [
            "1 duplicate-manifest, 1 abandoned, 1 abandoned",
            "1 late, 1 late, 1 late, hold, hold, 1 poison",
            "-, -, -",
            "0 complete, 0 unreachable, -, -",
            "-, -",
        ],
        .lost: [
            "hold, hold, hold",
            "hold, hold, hold, hold, hold, 1 poison",
            "-, -, -",
            "0 complete, 0 unreachable, -, -",
            "-, -",
        ],
        .reopened: [
            "1 duplicate-manifest, hold, hold",
            "hold, hold, 1 unexpected, hold, hold, 1 poison",
            "-, -, -",
            "1 complete, 1 unreachable, -, -",
            "forget, -",
        ],
    ]
}
