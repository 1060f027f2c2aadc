import Foundation
import Gateway
import Testing

/// What a process says about its certificates.
@Suite struct ProcessStateTests {
    private func state(in place: ProcessPlace? = nil) -> ProcessState {
        ProcessState(
            role: "ingress", pid: 17, startTicks: 4_711, place: place, set: 3, generation: 1,
            since: "2026-01-01T00:00:00Z",
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

    @Test func `processes of the same role and number in two places have files of their own`() {
        let places = [
            ProcessPlace(host: "a", boot: "0123-4567-89", pidNamespace: "pid:[1]"),
            ProcessPlace(host: "b", boot: "0123-4567-89", pidNamespace: "pid:[1]"),
            ProcessPlace(host: "a", boot: "9876-5432-10", pidNamespace: "pid:[1]"),
            ProcessPlace(host: "a", boot: "0123-4567-89", pidNamespace: "pid:[2]"),
            ProcessPlace(host: "../a/å", boot: "", pidNamespace: ""),
        ]
        let names = places.map { self.state(in: $0).fileName }
        #expect(Set(names).count == places.count)
        #expect(names[0] == "ingress-17-0123456pid1a.json")
        #expect(names.allSatisfy { !$0.contains("/") && !$0.contains("..") })
    }
}
