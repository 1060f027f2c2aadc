import Gateway
import Testing

/// When a process loads its certificates again, and when a refusal is news.
@Suite struct ReloadStateTests {
    private func observation(
        link: String? = "0001", manifest: Int64? = 1, request: Int64? = nil, lists: [String: Int64] = [:],
        hangUps: Int = 0
    ) -> TrustObservation {
        func mark(_ modified: Int64) -> FileMark { FileMark(modified: modified, size: 1, inode: 1) }
        var observation = TrustObservation()
        observation.link = link
        observation.manifest = manifest.map(mark)
        observation.request = request.map(mark)
        observation.revocation = lists.mapValues(mark)
        observation.hangUps = hangUps
        return observation
    }

    private func state(nextChange: Int64? = nil) -> ReloadState {
        ReloadState(seen: self.observation(), nextChange: nextChange)
    }

    @Test func `what stays as it is triggers nothing`() {
        var state = self.state()
        for instant in 0..<100 { #expect(state.observed(self.observation(), at: Int64(instant)) == []) }
    }

    @Test func `each change triggers once, by its name`() {
        let changes: [(TrustObservation, ReloadTrigger)] = [
            (self.observation(link: "0002"), .set), (self.observation(link: nil), .set),
            (self.observation(manifest: 2), .manifest), (self.observation(manifest: nil), .manifest),
            (self.observation(request: 5), .request), (self.observation(lists: ["a.crl": 1]), .revocation),
            (self.observation(hangUps: 1), .signal),
        ]
        for (change, trigger) in changes {
            var state = self.state()
            #expect(state.observed(change, at: 0) == [trigger], "\(trigger)")
            #expect(state.observed(change, at: 1) == [], "\(trigger) again")
        }
    }

    @Test func `another set brings another manifest, and is one change`() {
        var state = self.state()
        #expect(state.observed(self.observation(link: "0002", manifest: 2), at: 0) == [.set])
    }

    @Test func `a manifest that comes after the link was moved triggers once more`() {
        var state = self.state()
        #expect(state.observed(self.observation(link: "0002", manifest: nil), at: 0) == [.set])
        #expect(
            state.refused(because: ["manifest: the file is missing"], triggers: [.set], nextChange: nil, at: 0) == true)
        #expect(state.observed(self.observation(link: "0002", manifest: 2), at: 1) == [.manifest])
    }

    @Test func `a request that is taken away asks for nothing`() {
        var state = self.state()
        #expect(state.observed(self.observation(request: 5), at: 0) == [.request])
        #expect(state.observed(self.observation(), at: 1) == [])
        #expect(state.observed(self.observation(request: 5), at: 2) == [.request])
    }

    @Test func `a revocation list that is written anew, comes or goes is seen`() {
        var state = self.state()
        #expect(state.observed(self.observation(lists: ["a": 1, "b": 1]), at: 0) == [.revocation])
        #expect(state.observed(self.observation(lists: ["a": 2, "b": 1]), at: 1) == [.revocation])
        #expect(state.observed(self.observation(lists: ["b": 1]), at: 2) == [.revocation])
        #expect(state.observed(self.observation(lists: ["b": 1]), at: 3) == [])
    }

    @Test func `a credential that is to be used from now on triggers at that second`() {
        var state = self.state(nextChange: 100)
        #expect(state.observed(self.observation(), at: 99) == [])
        #expect(state.observed(self.observation(), at: 100) == [.credential])
        state.accepted(nextChange: 200)
        #expect(state.observed(self.observation(), at: 101) == [])
        #expect(state.observed(self.observation(), at: 200) == [.credential])
    }

    @Test func `a refusal is told once, and the set is tried again after the pause without a word`() {
        var state = self.state()
        #expect(state.observed(self.observation(manifest: 2), at: 0) == [.manifest])
        #expect(state.refused(because: ["a"], triggers: [.manifest], nextChange: nil, at: 0) == true)
        #expect(state.observed(self.observation(manifest: 2), at: ReloadState.retryPause - 1) == [])
        #expect(state.observed(self.observation(manifest: 2), at: ReloadState.retryPause) == [.retry])
        #expect(state.refused(because: ["a"], triggers: [.retry], nextChange: nil, at: ReloadState.retryPause) == false)
        #expect(state.observed(self.observation(manifest: 2), at: ReloadState.retryPause + 1) == [])
    }

    @Test(arguments: [ReloadTrigger.request, .signal, .set, .manifest])
    func `the same refusal is told again to who asked again`(trigger: ReloadTrigger) {
        var state = self.state()
        #expect(state.refused(because: ["a"], triggers: [.revocation], nextChange: nil, at: 0) == true)
        #expect(state.refused(because: ["a"], triggers: [.revocation], nextChange: nil, at: 1) == false)
        #expect(state.refused(because: ["a"], triggers: [trigger], nextChange: nil, at: 2) == true)
    }

    @Test func `another reason is news, and so is the same one after a set was accepted`() {
        var state = self.state()
        #expect(state.refused(because: ["a"], triggers: [.retry], nextChange: nil, at: 0) == true)
        #expect(state.refused(because: ["a", "b"], triggers: [.retry], nextChange: nil, at: 1) == true)
        state.accepted(nextChange: nil)
        #expect(state.observed(self.observation(), at: 1_000) == [])
        #expect(state.refused(because: ["a", "b"], triggers: [.retry], nextChange: nil, at: 1_001) == true)
    }
}
