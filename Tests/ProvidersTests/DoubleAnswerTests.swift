import Providers
import SSBTEK
import Synchronization
import Testing

/// A base service that answers twice: the second answer is nobody's, least of all the next person's.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DoubleAnswerTests {
    /// Of services whose answers always say whom they are about; for the others see `reusesConnections` below.
    @Test(arguments: [Provider.af, .so])
    func `the second answer is not taken for the answer to the next question`(provider: Provider) async throws {
        try await SimulatorFixture.with(provider, "twice=1") { fixture in
            for index in 0..<20 {
                let question = try TestFixtures.question(about: TestFixtures.digits(index))
                let outcome = await fixture.client.ask(question, within: .seconds(30))
                let expected = TestFixtures.outcome(question, provider)
                // At worst a connection that was closed under the question, or an answer that came with the question.
                let atWorst: [SectionOutcome] = [
                    .error(.gateway(.notReachable)), .error(.gateway(.answerAgainstContract)),
                ]
                #expect(outcome == expected || atWorst.contains(outcome), "\(index)")
            }
            // Each connection was given up when it said something unasked.
            #expect(fixture.decisions.value > 1)
        }
    }

    /// The first answer after 60 ms, the second 30 ms later: when the next question is already on its way.
    private static let late = "twice=1,latency=60ms,twice-after=30ms"

    @Test(arguments: [Provider.af, .so])
    func `a late second answer is refused, for it names another person`(provider: Provider) async throws {
        let refusals = Atomic(0)
        try await SimulatorFixture.with(
            provider, Self.late,
            onEvent: { if $0 == .answerAboutAnother { refusals.add(1, ordering: .relaxed) } },
            configure: { $0.retry.attempts = 1 }
        ) { fixture in
            var (refused, last) = (0, false)
            // Until it has happened: whether a second answer meets the next question is a matter of moments.
            for index in 0..<500 where refused < 2 {
                let question = try TestFixtures.question(about: TestFixtures.digits(index))
                let outcome = await fixture.client.ask(question, within: .seconds(30))
                let expected = TestFixtures.outcome(question, provider)
                if outcome == .error(.gateway(.answerAgainstContract)) {
                    // The connections were given up: the question after a refused one goes over a new one.
                    #expect(!last, "\(index)")
                    refused += 1
                    last = true
                } else {
                    #expect(outcome == expected || !last && outcome == .error(.gateway(.notReachable)), "\(index)")
                    last = false
                }
            }
            #expect(refused > 0 && refused == refusals.load(ordering: .relaxed))
        }
    }

    @Test(arguments: [Provider.tns, .fk, .af])
    func `with a connection for each question nothing late is taken for an answer`(provider: Provider) async throws {
        try await SimulatorFixture.with(
            provider, Self.late,
            onEvent: { #expect($0 != .answerAboutAnother) }, configure: { $0.reusesConnections = false }
        ) { fixture in
            for index in 0..<10 {
                let question = try TestFixtures.question(about: TestFixtures.digits(index))
                let outcome = await fixture.client.ask(question, within: .seconds(30))
                #expect(outcome == TestFixtures.outcome(question, provider), "\(index)")
            }
            #expect(fixture.decisions.value == 10)
        }
    }
}
