import Foundation
import Gateway
import Testing

/// What a process says about its certificates.
@Suite struct ProcessStateTests {
    private func state() -> ProcessState {
        ProcessState(
            role: "ingress", pid: 17, startTicks: 4_711, set: 3, generation: 1, since: "2026-01-01T00:00:00Z",
            warnings: ["w"])
    }

    @Test func `a set that was accepted is in force and ends a refusal`() {
        var state = self.state()
        state.refused(set: 4, problems: ["p"], triggers: [.set], at: "2026-01-02T00:00:00Z")
        #expect(state.set == 3)
        #expect(state.generation == 1)
        #expect(state.since == "2026-01-01T00:00:00Z")
        #expect(state.warnings == ["w"])
        #expect(state.lastRefusal?.set == 4)
        #expect(state.lastRefusal == state.lastReload)
        state.accepted(
            set: 4, generation: 2, warnings: [], triggers: [.request, .manifest], at: "2026-01-03T00:00:00Z")
        #expect(state.set == 4)
        #expect(state.generation == 2)
        #expect(state.since == "2026-01-03T00:00:00Z")
        #expect(state.warnings.isEmpty)
        #expect(state.lastRefusal == nil)
        #expect(state.lastReload?.accepted == true)
        #expect(state.lastReload?.triggers == [.manifest, .request])
    }

    @Test func `it is the same after it was written and read`() throws {
        var state = self.state()
        state.answeredRequest = 1_700_000_000_123_456_789
        state.refused(
            set: nil, problems: ["p", "q"], triggers: Set(ReloadTrigger.allCases), at: "2026-01-02T00:00:00Z")
        let read = try JSONDecoder().decode(ProcessState.self, from: JSONEncoder().encode(state))
        #expect(read == state)
        #expect(read.fileName == "ingress-17.json")
    }
}
