import Gateway
import GatewayFixtures
import Simulation
import Testing

/// Each invariant finds what breaks it: the same worlds with one part that does not do what its port says.
@Suite struct InvariantTests {
    init() { _ = CapturedLog.shared }

    /// What does not hold in some of the first worlds.
    private func broken(_ sabotage: (inout SimulationParts) -> Void) async -> Set<Invariant> {
        var parts = SimulationParts()
        sabotage(&parts)
        let run = SimulationRun(seeds: 1..<41, parts: parts, maximumFailures: 40)
        return Set(await run.perform(jobs: 1).failures.compactMap { $0.violation?.invariant })
    }

    @Test(arguments: [
        (SabotagedCorrelator.Fault.acknowledgesManifestsEarly, Invariant.confirmedFirst),
        (.acknowledgesAnswersEarly, .confirmedFirst),
        (.dropsReplies, .confirmedFirst),
        (.neverAcknowledges, .nothingLeft),
        (.repliesTwice, .oneReply),
        (.mixesReplies, .rightSection),
        (.losesAnswers, .nothingLost),
    ])
    func `a correlator's part that is broken is found out`(
        _ fault: SabotagedCorrelator.Fault, _ invariant: Invariant
    ) async {
        let broken = await self.broken { $0.correlator = { SabotagedCorrelator(base: $0, fault: fault) } }
        #expect(broken.contains(invariant), "found instead: \(broken)")
    }

    @Test(arguments: [
        (SabotagedWorker.Fault.dropsAnswers, Invariant.confirmedFirst),
        (.answersAnotherQuestion, .rightSection),
        (.answersForAnotherProvider, .rightSection),
    ])
    func `a worker's part that is broken is found out`(
        _ fault: SabotagedWorker.Fault, _ invariant: Invariant
    ) async {
        let broken = await self.broken { $0.worker = { SabotagedWorker(base: $0, fault: fault) } }
        #expect(broken.contains(invariant), "found instead: \(broken)")
    }

    @Test(arguments: [
        (SabotagedIngress.Fault.losesReplies, Invariant.nothingLost),
        (.forgetsWork, .nothingLost),
        (.givesTooMuchTime, .deadlineKept),
    ])
    func `an ingress's part that is broken is found out`(
        _ fault: SabotagedIngress.Fault, _ invariant: Invariant
    ) async {
        let broken = await self.broken { $0.ingress = { SabotagedIngress(base: $0, fault: fault) } }
        #expect(broken.contains(invariant), "found instead: \(broken)")
    }
}
